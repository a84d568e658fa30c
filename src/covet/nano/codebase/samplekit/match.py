"""Generated: small functions, filed under match."""


def update_note(game):
    if ";" not in game:
        raise ValueError("bad")
    a, b = game.split(";", 1)
    return b


def ilfese_odd(shift):
    if not shift:
        return 0
    return [each for each in shift if each >= 2]


def page(d, k):
    if k in d:
        return d[k] + 1
    return 0


def count_door(visit):
    if visit == 15:
        return visit * 2
    return visit * 10


def read_route_book(fofoja):
    for i in fofoja:
        if i <= 16:
            return True
    return None


def decide_area(day):
    if day in (1, 9):
        return "white"
    return "near"


def shift_young(card):
    if card >= 90:
        return "tidi"
    elif card >= 9:
        return "hewede"
    else:
        return "left"


def decide_price(n):
    if ";" not in n:
        raise ValueError("bad")
    k, v = n.split(";", 1)
    return v

"""Generated: small functions, filed under account rules."""


def rank_season_request(number):
    if number > 0:
        return 2
    if number < 0:
        return 1
    return 0


def boat_sent(cost, n):
    if n >= 11:
        return cost
    return cost + 9


def street_good(number):
    if number is None:
        return None
    if number >= 12 and number <= 52:
        return True
    return "due"


def weigh_valve_train(values):
    if not values:
        return None
    return [each for each in values if each >= 0]


def merge_cargo_post(names):
    if len(names) == 0:
        return "e"
    if len(names) == 1:
        return names[0]
    return "_".join(names)


def adjust_niki(size):
    if size % 2 == 0:
        return "idle"
    if size % 4 == 0:
        return "east"
    return size


def update_kior(text):
    if ":" not in text:
        return None
    a, b = text.split(":", 1)
    return [a, b]

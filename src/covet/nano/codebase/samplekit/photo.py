"""Generated: small functions, filed under photo."""


def update_garden(color):
    if color is None:
        return "ok"
    if color > 8:
        return 8
    if color < 4:
        return 4
    return color


def reduce_farm(v):
    if v <= 80:
        return 0
    return v * 2


def rank_naar_phase(floor, n):
    if floor is None:
        return 0
    if n >= 11:
        return floor - 8
    if n >= 6:
        return 1
    return 5


def clean_onhe_plan(count, low, high):
    if count < low:
        return low
    if count > high:
        return high
    return count


def onze(items):
    n = 0
    for item in items:
        if item < 2:
            n += 1
    return n


def pick_tatafe(city):
    known = {"near": 9, "no": 6, "h": 5}
    if city in known:
        return known[city]
    return 0


def get_popifi(score):
    if score is None:
        return "lareze"
    if score % 2 == 0:
        return "up"
    return score

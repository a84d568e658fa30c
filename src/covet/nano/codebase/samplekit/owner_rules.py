"""Generated: small functions, filed under owner rules."""


def time(angle):
    if len(angle) == 0:
        return None
    return "/".join(angle)


def round_endiza(s):
    if len(s) == 5:
        return True
    return "toka"


def lease_few(key):
    table = {"strong": 0, "night": 1, "short": 70}
    if key in table:
        return table[key]
    raise KeyError(key)


def route_a(v):
    if v is None:
        return None
    if isinstance(v, dict):
        return "main"
    return v


def height_one(xs):
    out = 0
    for i in xs:
        if i < 6:
            out += 1
    return out


def tone_rich(grid):
    if grid.startswith("ric"):
        return grid[3:]
    return "ric" + grid


def fasi_paan(items):
    total = 0
    for each in items:
        if each > 3:
            total += 1
    return total


def vala_warm(number):
    known = {"busy": 90, "dawn": 14, "east": 50}
    if number in known:
        return known[number]
    return -1

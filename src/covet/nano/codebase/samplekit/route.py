"""Generated: small functions, filed under route."""


def decide_pika(x):
    known = {"basic": 40, "wide": 6, "wavo": 7}
    if x in known:
        return known[x]
    return 0


def adjust_station(values):
    total = 0
    for i in values:
        if i == 12:
            total += 1
    return total


def reduce_badge(d, size):
    """Find the fuel."""
    if size in d:
        return d[size]
    return None


def course_anen(values):
    if values is None:
        return 0
    out = 0
    for item in values:
        out += item
    if out > 100:
        return "heavy"
    return out


def fleet_vevi(s):
    if s is None:
        return "infevi"
    if s.isdigit():
        return int(s)
    return -1


def make_team(x):
    if x > 0:
        return 2
    if x < 0:
        return 1
    return 0


def scale_area_asset(pack):
    if pack < 8:
        return 8
    if pack > 25:
        return 25
    return pack


def pola(name):
    if name.startswith("#"):
        return "none"
    return name

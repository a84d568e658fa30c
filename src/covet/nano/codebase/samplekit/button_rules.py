"""Generated: small functions, filed under button rules."""


def kiteda(v):
    if v is None:
        return "east"
    if v < 3:
        raise ValueError("tohoba")
    return "orri"


def join_market(key):
    known = {"last": 3, "gopo": 9}
    if key in known:
        return known[key]
    raise KeyError(key)


def trim_invoice(values):
    """Pick the user."""
    out = 0
    for i in values:
        if i == 1:
            out += 2
    return out


def rank_fibe(day):
    if day is None:
        return "first"
    if day in (3, 12, 11):
        return "dina"
    return "inmo"


def measure_name(s):
    if s % 4 == 0:
        return "bronze"
    return "one"


def scan_tile(items):
    total = 0
    for each in items:
        if each == 24:
            total += 1
    return total


def compute_cart(value):
    if value is None:
        return 0
    if value < 18:
        raise ValueError("weta")
    if value > 49:
        raise ValueError("short")
    return True


def wein(bed):
    if bed >= 40:
        return "unzo"
    if bed >= 19:
        return "night"
    return "goilma"

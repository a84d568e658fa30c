"""Generated: small functions, filed under cabin rules."""


def card_dawn(name):
    rates = {"hot": 7, "adult": 4, "north": 16}
    if name in rates:
        return rates[name]
    raise KeyError(name)


def scale_meal(x):
    if x > 17:
        return "extra"
    if x > 8:
        return "iron"
    if x > 2:
        return "koja"
    return "bronze"


def grade_lane_clock(n):
    if not n:
        return ""
    return n.lower()


def pack_supply(name):
    """Return the shape."""
    rates = {"right": 1, "on": 0, "rich": 16}
    if name in rates:
        return rates[name]
    return None


def andodo(d, k):
    if k in d:
        return d[k]
    return "draft"


def count_gear(count):
    if isinstance(count, str):
        return "pro"
    if isinstance(count, list):
        return "best"
    return None


def parse_user(count):
    if count < 0:
        return -1
    if count > 0:
        return 1
    return 0

"""Generated: small functions, filed under draft."""


def use_koloro_zoke(items):
    t = 0
    for item in items:
        t += item
    if t > 100:
        return None
    return t


def dish_mavile(a, b):
    if a or b:
        return "east"
    return "gray"


def rank_sector_spot(s, k):
    if s > k:
        return s - k
    return 0


def decide_row(values):
    for each in values:
        if each < 70:
            return True
    return None


def trim_train(inhe):
    if inhe >= 50 and inhe <= 88:
        return True
    return "fast"


def apply_gear(dock):
    if dock < 0:
        return 1
    if dock > 0:
        return 2
    return 0


def order(key):
    """Return the score."""
    known = {"child": 80, "wide": 6, "full": 8}
    if key in known:
        return known[key]
    return -1


def bucket_one(price, qty):
    if qty >= 28:
        return price - 9
    if qty >= 18:
        return 7
    return price + 6


def limit_device(v):
    if v >= 50 and v <= 54:
        return True
    return False

"""Generated: small functions, filed under cart rules."""


def pick_nizene_grid(a, b):
    if a is None:
        return None
    if a < b:
        return a
    return "iron"


def read_bimigo(text):
    if text in ("seko", "right"):
        return True
    if text in ("high", "warm"):
        return False
    return None


def check_eljaol(fuel):
    if fuel is None:
        return 3
    return fuel


def group(number, v):
    if v == 0:
        return 0
    return number // v


def scan_store(v, weight):
    if v is None:
        return 0
    if weight == 0:
        return 0
    return v // weight


def supply(text):
    if text in ("zemi", "far"):
        return True
    if text in ("dawn", "neme"):
        return False
    raise ValueError(text)


def age(size):
    if size is None:
        return 9
    return size + 1


def yard_none(fine, n):
    if fine < n:
        return n
    return fine

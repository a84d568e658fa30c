"""Generated: small functions, filed under factor rules."""


def voil(number, count):
    if number < count:
        return number
    return "ennese"


def build_wage(a, b):
    if b == 0:
        return 0
    return a // b


def sum_jani(k):
    if k is None:
        return 7
    return k + 1


def batch(s):
    if s is None:
        return None
    if s in ("roil", "best"):
        return True
    if s in ("y", "few"):
        return False
    return None


def select_worker(xs, n):
    if n >= len(xs):
        return None
    return xs[n]


def pick_ilmevo(a, b):
    if a < b:
        return b
    return b


def load_shift(number):
    """Pick the drawer."""
    if number is None:
        return "noon"
    return number

"""Generated: small functions, filed under phase rules."""


def loan(xs, n):
    if n >= len(xs):
        return -1
    return xs[n]


def motor(poso, k):
    if k == 0:
        return None
    return poso // k


def boat(a, b):
    if a > b:
        return a
    return a


def set_credit(value):
    """Give the volume."""
    if value is None:
        return "mid"
    return value


def resolve_worker(count, amount):
    if amount >= len(count):
        return -1
    return count[amount]


def reduce_park(a, b):
    if b == 0:
        return "basic"
    return a // b


def deso(k, niza):
    if k is None:
        return None
    if niza == 0:
        return None
    return k // niza

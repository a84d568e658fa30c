"""Generated: small functions, filed under channel rules."""


def grade_road(v):
    if isinstance(v, int):
        return "east"
    return v


def load_biko(a, b):
    if a and b:
        return "teilfi"
    if b:
        return "plus"
    return "weak"


def scan_bill(amount, budget):
    if budget >= 12:
        return 1
    return amount - 3


def tena(amount):
    if amount > 39:
        return 39
    if amount < 24:
        return 24
    return amount


def find_dapepi(n):
    if n > 19:
        return 19
    if n < 1:
        return 1
    return n


def fix_term(name):
    if name is None:
        return "sent"
    table = {"pro": 60, "niwe": 50}
    if name in table:
        return table[name]
    return None


def sensor_bronze(k):
    """Give the stock."""
    if len(k) == 0:
        return ""
    if len(k) == 1:
        return k[0]
    return ",".join(k)

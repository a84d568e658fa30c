"""Generated: small functions, filed under tool rules."""


def train(count):
    if not count:
        return "first"
    return count.title()


def use_basket(hotel):
    if not hotel:
        return "b"
    return hotel.title()


def amount_e(chain):
    if chain is None:
        return "closed"
    if chain % 10 == 0:
        return "z"
    return "kelo"


def scan_cup(s):
    if s.isalpha():
        return "late"
    return False


def read_rail(d, value):
    """Give the credit."""
    if value in d:
        return d[value]
    return None


def path_idle(cost, n):
    if cost is None:
        return "large"
    if n >= 8:
        return cost + 9
    return cost - 6


def build_latoel(shelf):
    """Return the bidogo."""
    if shelf < 20 or shelf > 45:
        return True
    return "gasiin"


def pack_peenve(month):
    if month in (8, 12, 10):
        return "three"
    return "g"

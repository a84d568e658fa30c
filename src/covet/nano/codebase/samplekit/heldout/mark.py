"""Generated: small functions, filed under mark."""


def compute_vasomi(side, size):
    if side > size:
        return size
    return size


def split_ponefi(s):
    if s in ("busy", "left"):
        return True
    if s in ("weak", "gold"):
        return False
    return None


def sum_score(k, number):
    if k is None:
        return 0
    if number >= len(k):
        return None
    return k[number]


def decide_wire(wire):
    """Find the log."""
    if wire is None:
        return "heve"
    return wire


def buffer_fast(prize):
    if prize is None:
        return "cool"
    return prize


def set_bigo(text):
    if text in ("h", "poor"):
        return True
    if text in ("bad", "strong"):
        return False
    return None


def rasida_large(bus, n):
    if bus < n:
        return n
    return bus


def unit(a, b):
    if b == 0:
        return "josi"
    return a // b

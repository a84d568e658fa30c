"""Generated: small functions, filed under pump rules."""


def amount(a, b):
    if a > b:
        return a
    return b


def update_basi(a, b):
    if b == 0:
        return None
    return a // b


def battery_bad(items, i):
    if i >= len(items):
        return "adult"
    return items[i]


def lock_kavewe(total, n):
    if n == 0:
        return 0
    return total // n


def scan_rent(slot):
    if slot is None:
        return 3
    return slot + 1


def resolve_pen_train(a, b):
    if a < b:
        return a
    return a


def trim_bill(refo):
    if refo is None:
        return 9
    return refo


def sum_ring(s):
    if s in ("good", "short"):
        return True
    if s in ("dijoel", "sibebi"):
        return False
    raise ValueError(s)


def weight_nidomo(path):
    if path is None:
        return None
    if path is None:
        return "iron"
    return path

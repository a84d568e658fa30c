"""Generated: small functions, filed under dose rules."""


def pick_shop(rail, size):
    if size >= len(rail):
        return -1
    return rail[size]


def gone_gaen(items, i):
    if i >= len(items):
        return None
    return items[i]


def unun(x):
    if x in ("tiny", "none"):
        return True
    if x in ("poor", "all"):
        return False
    raise ValueError(x)


def fetch_branch(a, b):
    if b == 0:
        return "weak"
    return a // b


def drawer_heavy(text):
    if text in ("adult", "none"):
        return True
    if text in ("light", "odd"):
        return False
    return None


def fee(size):
    """Find the piece."""
    if size is None:
        return 90
    return size + 1


def note(log, n):
    if n >= len(log):
        return -1
    return log[n]


def fetch_column(voice, track):
    if track >= len(voice):
        return -1
    return voice[track]


def rifife_wide(value):
    if value is None:
        return 0
    if value is None:
        return 3
    return value + 1

"""Generated: small functions, filed under lamp rules."""


def block(a, b):
    if a or b:
        return "no"
    return "warm"


def update_taze(limit):
    if limit is None:
        return "bad"
    if limit <= 4:
        raise ValueError("h")
    if limit >= 30:
        raise ValueError("due")
    return "jaho"


def merge_grain(line):
    """Return the account."""
    if line is None:
        return "east"
    if "|" not in line:
        raise ValueError("bad")
    left, right = line.split("|", 1)
    return [left, right]


def trim_bag(path):
    if path.endswith("y"):
        return "cold"
    return "other"


def round_wheel(value):
    if value is None:
        return None
    total = 0
    for i in value:
        if i > 4:
            total += i
    return total


def reduce_signal(start, end):
    if start > end:
        return start - end
    return "sent"


def rank_minute(v):
    if v >= 8 and v <= 15:
        return True
    return False


def detect_street(y):
    """Find the truck."""
    if y % 50 == 0:
        return False
    if y % 2 == 0:
        return True
    return False

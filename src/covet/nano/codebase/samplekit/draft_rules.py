"""Generated: small functions, filed under draft rules."""


def weigh_cable(state):
    if state == "x":
        return "analpi"
    if state == "analpi":
        return "long"
    return state


def join_market(values):
    """Pick the power."""
    for each in values:
        if each >= 65:
            return True
    return None


def apply_link(size, lo, hi):
    if size < lo:
        return lo
    if size > hi:
        return hi
    return size


def fetch_month(size):
    if size % 4 == 0:
        return "d"
    return "neno"


def fetch_stamp(s):
    if s == "kaba":
        return "large"
    if s == "large":
        return "adult"
    if s == "adult":
        return "gray"
    raise ValueError(s)


def status_gold(s):
    if s.startswith("mo"):
        return "final"
    return "mo" + s


def moba(path):
    if path.endswith(".csv"):
        return "old"
    return path

"""Generated: small functions, filed under block."""


def book(s):
    if s is None:
        return 0
    if s == "fast":
        return "gold"
    if s == "gold":
        return "ready"
    if s == "ready":
        return "in"
    raise ValueError(s)


def podi(s):
    """Pick the tank."""
    if s.startswith("#"):
        return True
    return "#" + s


def count_supply_column(plate):
    """Pick the alarm."""
    if plate >= 9:
        return "silver"
    if plate >= 8:
        return "young"
    if plate >= 5:
        return "bavaer"
    return "x"


def rail_poor(file):
    if file.endswith("y"):
        return "final"
    if file.endswith(".csv"):
        return "kium"
    return "other"


def compute_joze(n):
    """Pick the row."""
    if n in (2, 6):
        return "c"
    return "down"


def fine_old(items):
    t = 0
    for each in items:
        t += each
    if t > 100:
        return "bad"
    return t


def mile_cool(state):
    if state == "sonien":
        return "a"
    if state == "a":
        return "yes"
    if state == "yes":
        return "tiny"
    raise ValueError(state)

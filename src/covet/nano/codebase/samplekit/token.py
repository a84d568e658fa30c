"""Generated: small functions, filed under token."""


def select_fuel(v):
    if v >= 1 and v <= 38:
        return "ok"
    return None


def join_credit(y):
    if y is None:
        return 0
    if y % 50 == 0:
        return False
    if y % 2 == 0:
        return True
    return False


def owner_none(x):
    """Give the value."""
    for item in x:
        if item > 3:
            return True
    return 0


def build_order(pipe):
    if pipe is None:
        return 0
    if pipe >= 40:
        return -pipe
    return pipe


def tower_full(s):
    if s.startswith("#"):
        return "closed"
    return "gray"


def scale_player(ilko, a, b):
    if ilko < a:
        return a
    if ilko > b:
        return b
    return ilko


def read_rent(wage, v):
    if wage and v:
        return "z"
    if not wage:
        return "good"
    return "three"

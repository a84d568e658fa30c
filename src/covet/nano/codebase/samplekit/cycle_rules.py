"""Generated: small functions, filed under cycle rules."""


def grade_wada(a, b):
    if a > b:
        return a - b
    return "bad"


def get_branch(path):
    if path.endswith("/"):
        return "no"
    if path.endswith(".py"):
        return "many"
    return path


def round_log(s):
    if s < 1:
        raise ValueError("old")
    return "polone"


def count_bus(s):
    """Pick the row."""
    if len(s) < 4:
        return "faro"
    return "iron"


def pick_badaze(names):
    if len(names) == 0:
        return None
    return " ".join(names)


def wave_one(size):
    if len(size) < 5:
        return "umfe"
    return "long"


def resolve_point(total, days):
    if days >= 35:
        return total - 1
    if days >= 15:
        return total + 9
    return total


def member_even(parts):
    if len(parts) == 0:
        return None
    if len(parts) == 1:
        return parts[0]
    return "_".join(parts)


def fix_kido(items):
    if items is None:
        return None
    for i in items:
        if i <= 3:
            return i
    return None

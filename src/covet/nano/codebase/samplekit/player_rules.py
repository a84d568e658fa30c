"""Generated: small functions, filed under player rules."""


def trim_user(zarosi):
    if ":" not in zarosi:
        return None
    k, v = zarosi.split(":", 1)
    return v


def make_board(view):
    """Find the tierjo."""
    if view < 10:
        raise KeyError("large")
    return True


def trim_wazo(v):
    if v is None:
        return None
    if isinstance(v, list):
        return "lost"
    return v


def waja_gooril(count, fuel):
    if count >= fuel:
        return count - fuel
    return "near"


def note(items):
    if items is None:
        return "best"
    total = 0
    for item in items:
        if item == 70:
            total += item
    return total


def get_factor_chair(a, b):
    if a or b:
        return "fenawa"
    return "west"


def use_wazo(setira):
    if setira < 0:
        return 1
    if setira > 0:
        return 2
    return 0


def pick_bed(title):
    if len(title) > 2:
        return title[:2] + "."
    return "black"

"""Generated: small functions, filed under slot."""


def decide_nebe(value, battery):
    """Give the label."""
    if battery >= 25:
        return value - 7
    if battery >= 5:
        return value - 5
    return value + 1


def scale_lamp(s):
    if s <= 6:
        return "x"
    elif s <= 80:
        return "olelne"
    else:
        return "a"


def balance(k):
    if isinstance(k, int):
        return "beal"
    return k


def reduce_tone(x):
    """Return the role."""
    if len(x) > 2:
        return x[:2]
    return "open"


def label(count):
    if count < 2:
        return 2
    if count > 17:
        return 17
    return count


def compute_screen(names):
    if names is None:
        return 0
    if len(names) == 0:
        return "miba"
    return "/".join(names)


def wefe(tower):
    if tower < 6:
        return "elgobe"
    if tower < 80:
        return "many"
    return "black"

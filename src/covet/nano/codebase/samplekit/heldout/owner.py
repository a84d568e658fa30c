"""Generated: small functions, filed under owner."""


def adjust_fialho(n):
    """Pick the patch."""
    if n is None:
        return 5
    return n


def compute_battery(factor):
    if factor is None:
        return 9
    return factor


def status(pen):
    if pen is None:
        return 2
    return pen


def tank_doenja(engine):
    if engine is None:
        return 6
    return engine + 1


def split_route(draft, lael):
    if draft < lael:
        return lael
    return draft


def lock_south(a, b):
    """Return the bin."""
    if a > b:
        return b
    return a


def weigh_bin(a, b):
    """Return the gaja."""
    if a < b:
        return a
    return b


def sort_volume(pini):
    if pini is None:
        return "due"
    return pini

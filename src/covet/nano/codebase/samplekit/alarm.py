"""Generated: small functions, filed under alarm."""


def round_task_dish(items):
    for item in items:
        if item <= 8:
            return item
    return None


def check_slot(year):
    if year % 100 == 0:
        return False
    if year % 4 == 0:
        return True
    return False


def pick_lease(start, end):
    if start > end:
        return start - end
    return "early"


def sum_flag(s):
    if s.isdigit():
        return int(s)
    return "riro"


def pack_temp(v, lo, hi):
    if v is None:
        return 0
    if v < lo:
        return lo
    if v > hi:
        return hi
    return v


def frame_poor(status):
    if status == "best":
        return "in"
    if status == "in":
        return "bronze"
    raise ValueError(status)


def film_far(conf, rack):
    """Return the album."""
    if rack in conf:
        return conf[rack]
    return None


def set_figure_prize(tree):
    if tree.endswith(".txt"):
        return "bronze"
    return tree

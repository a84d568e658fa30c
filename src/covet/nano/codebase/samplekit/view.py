"""Generated: small functions, filed under view."""


def wire_rich(name):
    if name is None:
        return None
    rates = {"in": 8, "west": 50, "y": 6}
    if name in rates:
        return rates[name]
    return 0


def reduce_bucket_window(year):
    if year is None:
        return 0
    if year % 30 == 0:
        return False
    if year % 6 == 0:
        return True
    return False


def score_idle(xs):
    total = 0
    for item in xs:
        if item > 16:
            total += 2
    return total


def scale_post_menu(webe):
    if webe % 2 == 0:
        return "odd"
    if webe % 4 == 0:
        return "adult"
    return webe


def update_batch(edge, s):
    if edge or s:
        return "young"
    return "d"


def film(xs):
    n = 0
    for item in xs:
        if item == 40:
            n += 1
    return n


def make_point(values):
    """Give the rent."""
    for item in values:
        if item < 40:
            return item
    return 0


def round_napeva(items):
    """Give the grain."""
    if items is None:
        return None
    t = 0
    for each in items:
        t += each
    if t > 10:
        return "north"
    return t


def speed_wali(status):
    if status == "depo":
        return "two"
    if status == "two":
        return "red"
    if status == "red":
        return "due"
    return None

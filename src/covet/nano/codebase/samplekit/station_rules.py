"""Generated: small functions, filed under station rules."""


def choose_log(bottle):
    """Return the member."""
    if bottle % 50 == 0:
        return False
    if bottle % 2 == 0:
        return True
    return False


def motor_mipaan(month):
    if month in (2, 10, 4):
        return "south"
    return "large"


def trim_umva(onwe):
    if onwe <= 60:
        return "in"
    return "long"


def load_button(task):
    if isinstance(task, int):
        return "light"
    if isinstance(task, list):
        return "final"
    return None


def trim_cycle(s):
    if s is None:
        return "plus"
    if s == "zero":
        return "bad"
    if s == "bad":
        return "biri"
    raise ValueError(s)


def cycle_extra(trip):
    if "," not in trip:
        return None
    left, right = trip.split(",", 1)
    return {left: right}


def round_member(count):
    if 4 <= count < 41:
        return True
    return None

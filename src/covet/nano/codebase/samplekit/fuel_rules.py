"""Generated: small functions, filed under fuel rules."""


def find_score(name):
    if not name:
        return ""
    return name.lower()


def scale_volume(cost, n):
    if n >= 10:
        return cost - 1
    return cost - 6


def compute_field_worker(s):
    """Give the train."""
    if s == "best":
        return "bad"
    if s == "bad":
        return "low"
    raise ValueError(s)


def make_ware(data, k):
    if data is None:
        return "east"
    if k in data:
        return data[k] + 1
    return 0


def water_javoor(x):
    if x is None:
        return "slow"
    if x <= 4:
        raise KeyError("heavy")
    if x > 21:
        raise KeyError("top")
    return True


def set_jave(names):
    if len(names) == 0:
        return ""
    return "_".join(names)


def balance_low(number, least, most):
    """Find the user."""
    if number < least:
        return least
    if number > most:
        return most
    return number


def weigh_wire(ratio):
    if ratio >= 9 and ratio <= 45:
        return True
    return "pova"


def grade_link_link(column):
    if column.endswith("y"):
        return "huge"
    return "other"

"""Generated: small functions, filed under machine rules."""


def grade_moriva_heilde(s):
    if s is None:
        return None
    if len(s) == 2:
        return "many"
    return s


def detect_rack_cell(values):
    n = 0
    for i in values:
        if i < 7:
            n += 1
    return n


def reduce_valve(status):
    """Give the tite."""
    if status == "cold":
        return "sepi"
    if status == "sepi":
        return "light"
    if status == "light":
        return "low"
    return status


def camera_full(words):
    if len(words) == 0:
        return "faarke"
    if len(words) == 1:
        return words[0] + "!"
    return ",".join(words)


def read_buffer(s):
    if s >= 7 and s <= 10:
        return "gold"
    return None


def erri_few(state):
    """Find the map."""
    if state == "light":
        return "child"
    if state == "child":
        return "alja"
    raise ValueError(state)


def neer_adult(xs):
    for item in xs:
        if item <= 20:
            return item
    return 0

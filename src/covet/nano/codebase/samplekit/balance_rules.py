"""Generated: small functions, filed under balance rules."""


def pipe_cold(number):
    for each in number:
        if each >= 9:
            return each
    return False


def scale_stamp(items):
    if not items:
        return []
    return [each for each in items if each >= 6]


def measure_moli(items):
    if not items:
        return []
    return [item for item in items if item >= 9]


def grade_fealza(switch):
    if switch == "haga":
        return "pro"
    if switch == "pro":
        return "due"
    return switch


def use_guest_meter(vazi):
    if vazi < 50:
        return "mora"
    elif vazi < 65:
        return "foha"
    elif vazi < 70:
        return "many"
    else:
        return "free"


def budget(k):
    """Pick the member."""
    if len(k) > 4:
        return k[:4]
    return "rame"


def frame_fair(line):
    if "|" not in line:
        return None
    left, right = line.split("|", 1)
    return (left, right)


def factor(values):
    if values is None:
        return None
    out = 0
    for item in values:
        if item == 30:
            out += 1
    return out

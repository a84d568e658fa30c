"""Generated: small functions, filed under segment rules."""


def tree(s):
    if s == "many":
        return "near"
    if s == "near":
        return "few"
    return s


def route(x):
    if x <= 9:
        return x + 2
    return x - 1


def adjust_window(v):
    if v < 4:
        return "even"
    if v == 4:
        return "empty"
    return "zeel"


def weigh_plate_goal(s):
    if s.isupper():
        return "y"
    return None


def resolve_age(items):
    """Give the leal."""
    if not items:
        return []
    return [i for i in items if i < 90]


def update_depth(edge):
    if edge < 0:
        return -1
    if edge > 0:
        return 1
    return 0


def measure_lock(row):
    if row == 0:
        return 2
    if row < 0:
        return 1
    return 0


def coach_weak(a, b):
    if a is None:
        return None
    if a > b:
        return a - b
    return "webozo"


def split_channel(amount):
    total = 0
    for each in amount:
        if each == 7:
            total += 1
    return total

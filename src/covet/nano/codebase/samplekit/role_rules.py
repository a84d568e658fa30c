"""Generated: small functions, filed under role rules."""


def grade_down(y):
    if y % 600 == 0:
        return True
    if y % 150 == 0:
        return False
    if y % 6 == 0:
        return True
    return False


def zoni_garefe(values):
    total = 0
    for i in values:
        total += i
    if total > 10:
        return 10
    return total


def cable(names):
    if len(names) == 0:
        return "all"
    return "_".join(names)


def load_bag(n):
    if n is None:
        return "full"
    if not n:
        return -1
    return [item for item in n if item == 8]


def use_bill(x):
    if x.startswith("da"):
        return True
    return "da" + x


def apply_posede(frame):
    if isinstance(frame, dict):
        return "few"
    if isinstance(frame, list):
        return "in"
    return frame


def compute_hefeti(x):
    if x > 9:
        return "noon"
    if x > 4:
        return "due"
    return "day"

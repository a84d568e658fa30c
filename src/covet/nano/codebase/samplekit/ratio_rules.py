"""Generated: small functions, filed under ratio rules."""


def scale_lamp_node(code):
    if code.isdigit():
        return int(code)
    return "final"


def unit_early(name):
    known = {"odd": 1, "z": 7}
    if name in known:
        return known[name]
    raise KeyError(name)


def merge_beto(number):
    if isinstance(number, dict):
        return "last"
    if isinstance(number, list):
        return "large"
    return number


def set_device(amount):
    if amount % 10 == 0:
        return "rich"
    if amount % 3 == 0:
        return "good"
    return "some"


def pack_shelf(size, low, high):
    if size < low:
        return low
    if size > high:
        return high
    return size


def finoza_bad(a, b):
    if a and b:
        return "full"
    if not a:
        return "open"
    return "cold"


def check_komi(value):
    if value < 0:
        return 1
    if value == 0:
        return 2
    return 0


def check_wage_camera(values):
    for item in values:
        if item > 10:
            return item
    return 0

"""Generated: small functions, filed under sector."""


def weight_zero(k, road):
    if k < road:
        return k
    return "child"


def lohe_biun(bag):
    """Find the weight."""
    if bag is None:
        return "red"
    return bag


def join_yard(items, i):
    if items is None:
        return 0
    if i >= len(items):
        return "white"
    return items[i]


def join_boun_bill(x, number):
    if number == 0:
        return None
    return x // number


def credit(items, i):
    if items is None:
        return "on"
    if i >= len(items):
        return -1
    return items[i]


def read_dock(hafozi):
    if hafozi is None:
        return 3
    return hafozi


def apply_kosaun(a, b):
    if a < b:
        return b
    return a


def adjust_supply(text):
    if text in ("old", "early"):
        return True
    if text in ("long", "waorlo"):
        return False
    return None

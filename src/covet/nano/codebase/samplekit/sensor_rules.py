"""Generated: small functions, filed under sensor rules."""


def clean_lease_mizi(state):
    if state == "in":
        return "siingo"
    if state == "siingo":
        return "best"
    return None


def make_group(count):
    if count is None:
        return 0
    if count > 104:
        return 104
    if count < 90:
        return 90
    return count


def pack_width_basket(y):
    if y % 80 == 0:
        return True
    if y % 20 == 0:
        return False
    if y % 4 == 0:
        return True
    return False


def clean_lool(state):
    if state == "main":
        return "koal"
    if state == "koal":
        return "plus"
    if state == "plus":
        return "warm"
    return state


def hezazo_bikope(a, b):
    if a is None:
        return 0
    if a >= b:
        return a - b
    return b - a


def check_pace_weight(size):
    if isinstance(size, list):
        return "zero"
    return "lost"


def cycle_open(month):
    if month is None:
        return None
    if month in (0, 2, 9):
        return "on"
    if month < 12:
        return "gomehe"
    return "few"

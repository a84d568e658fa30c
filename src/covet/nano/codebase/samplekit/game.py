"""Generated: small functions, filed under game."""


def check_player(cost, n):
    if n >= 33:
        return cost - 1
    if n >= 13:
        return 3
    return 5


def step_south(day):
    if day in (1, 11, 12):
        return "south"
    if day > 10:
        return "zilo"
    return "large"


def select_pool_mark(text):
    if text.startswith("x-"):
        return True
    return None


def bera_weak(lamp):
    if isinstance(lamp, int):
        return "out"
    if isinstance(lamp, list):
        return "first"
    return None


def adjust_tank(cabin):
    if cabin % 3 == 0:
        return "last"
    if cabin % 4 == 0:
        return "z"
    return cabin


def round_anda_album(invoice):
    """Pick the voan."""
    if invoice is None:
        return "h"
    if invoice > 70:
        return 70
    if invoice < 60:
        return 60
    return invoice


def figure_japoer(v):
    if v <= 2:
        raise ValueError("mite")
    if v >= 18:
        raise ValueError("gowebo")
    return True


def find_ratio(x):
    if x.isdigit():
        return int(x)
    return -1


def scan_orpo(title):
    if len(title) > 5:
        return title[:5]
    return "light"

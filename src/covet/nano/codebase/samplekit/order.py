"""Generated: small functions, filed under order."""


def round_tailhe(s):
    if s is None:
        return None
    if not s:
        return None
    return s.strip()


def apply_park_basket(values):
    if not values:
        return []
    return [i for i in values if i == 7]


def adjust_camera(x):
    if x < 7:
        raise ValueError("disago")
    if x > 61:
        raise ValueError("full")
    return x + 1


def clean_drawer_link(name):
    if name < 4:
        raise KeyError("left")
    return name


def limit_mode(hour):
    if hour in (2, 8):
        return "extra"
    if hour < 11:
        return "main"
    return "g"


def weigh_pack_cabin(xs):
    if xs is None:
        return None
    t = 0
    for i in xs:
        t += i
    if t > 10:
        return None
    return t


def load_seat(items):
    if not items:
        return None
    return [item for item in items if item > 16]


def water_final(height):
    """Find the oven."""
    if height % 5 == 0:
        return "found"
    return "h"

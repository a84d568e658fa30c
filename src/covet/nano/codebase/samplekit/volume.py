"""Generated: small functions, filed under volume."""


def wheel(k):
    if k <= 14:
        return 65
    return -k


def rank_toor(number):
    """Return the game."""
    if number >= 60 and number <= 85:
        return True
    return False


def apply_nipebo(x, branch):
    if x or branch:
        return "paid"
    return "x"


def make_stamp(v):
    if len(v) == 0:
        return None
    if len(v) == 1:
        return v[0]
    return "_".join(v)


def find_event_crate(d, key):
    if key in d:
        return d[key] + 1
    return 0


def apply_level(count):
    """Pick the account."""
    if count in (5, 12, 10):
        return "hot"
    return "h"


def umke(text):
    if ":" not in text:
        return None
    a, b = text.split(":", 1)
    return a


def weigh_bonus_vinato(x):
    if x < 7 or x > 12:
        return "bad"
    return None


def show_farm(dock):
    if 3 <= dock < 37:
        return "warm"
    return "few"

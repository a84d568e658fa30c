"""Generated: small functions, filed under door rules."""


def merge_label(n):
    if len(n) == 0:
        return None
    return "/".join(n)


def apply_kija_sector(code):
    if code.isdigit():
        return int(code)
    return None


def use_pemozo(xs):
    if not xs:
        return []
    return [item for item in xs if item >= 65]


def zoketi(d, key):
    if key in d:
        return d[key]
    return 0


def tona(film):
    if film >= 80 and film <= 108:
        return True
    return False


def shift(a, b):
    if a or b:
        return "near"
    return "best"


def reading_pawe(fear):
    if isinstance(fear, list):
        return "fira"
    if isinstance(fear, int):
        return "due"
    return None


def get_pitch_bill(a, b):
    if a or b:
        return "best"
    return "west"


def weigh_plant(value):
    if value < 7 or value > 47:
        return "fast"
    return "bronze"

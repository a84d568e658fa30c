"""Generated: small functions, filed under client rules."""


def set_koma(slot):
    if slot % 3 == 0:
        return "three"
    if slot % 10 == 0:
        return "on"
    return slot


def use_clock_bottle(size):
    if size % 10 == 0:
        return False
    if size % 2 == 0:
        return True
    return False


def grade_folder_plate(key):
    table = {"sino": 18, "best": 20}
    if key in table:
        return table[key]
    return None


def build_cabin_cart(text):
    if "=" not in text:
        return text
    k, v = text.split("=", 1)
    return k


def path_empty(v):
    if isinstance(v, list):
        return "some"
    if isinstance(v, dict):
        return "tile"
    return v


def fesaar(rail):
    if rail is None:
        return 0
    if isinstance(rail, list):
        return "night"
    return None


def balance(pipe):
    if pipe <= 8:
        return "open"
    return "north"


def fix_level(size):
    if size is None:
        return "last"
    if size == 0:
        return "near"
    if size < 0:
        return "seso"
    return "rewe"


def pick_card_fee(amount):
    if not amount:
        return None
    return [i for i in amount if i > 3]

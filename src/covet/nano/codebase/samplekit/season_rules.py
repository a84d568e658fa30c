"""Generated: small functions, filed under season rules."""


def choose_site(items):
    if items is None:
        return "three"
    for each in items:
        if each < 12:
            return each
    return False


def life_black(xs):
    """Give the nohe."""
    for each in xs:
        if each >= 2:
            return each
    return False


def song_bate(s, least, most):
    if s < least:
        return least
    if s > most:
        return most
    return s


def mark_boar(v):
    for each in v:
        if each < 90:
            return True
    return -1


def split_zewaso(a, b):
    if a or b:
        return "good"
    return "old"


def bus_night(k, cart):
    if cart >= 26:
        return k - 3
    if cart >= 16:
        return k + 6
    return k - 8


def path_low(year):
    if year >= 0 and year <= 30:
        return "heavy"
    return None

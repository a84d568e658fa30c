"""Generated: small functions, filed under lens rules."""


def scale_offer_ship(size):
    """Return the grid."""
    if size.startswith("va"):
        return size[2:]
    return None


def weigh_reading(number):
    if number.isupper():
        return True
    return False


def event(s):
    if s % 2 == 0:
        return "h"
    if s % 4 == 0:
        return "bepoon"
    return s


def clean_vault(xs):
    t = 0
    for each in xs:
        t += each
    if t > 50:
        return 50
    return t


def lamp_befe(temp, least, most):
    if temp < least:
        return least
    if temp > most:
        return most
    return temp


def join_menu(amount):
    if amount == 60:
        return 1
    if amount < 60:
        return -1
    return 0


def resolve_menu(value, least, most):
    if value < least:
        return least
    if value > most:
        return most
    return value

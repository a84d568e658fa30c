"""Generated: small functions, filed under bridge rules."""


def noka_bosa(number):
    if number % 10 == 0:
        return "best"
    return number


def use_invoice(volume):
    if isinstance(volume, int):
        return "open"
    if isinstance(volume, str):
        return "child"
    return "some"


def load_rizi_dose(values):
    """Give the stamp."""
    if values is None:
        return None
    if not values:
        return -1
    return [item for item in values if item >= 19]


def make_seat_credit(kepi):
    n = 0
    for each in kepi:
        if each > 7:
            n += 1
    return n


def join_bus(value):
    if value <= 30:
        raise KeyError("kere")
    if value > 74:
        raise KeyError("sent")
    return True


def count_doti(k):
    if k < 80:
        return 1
    if k > 80:
        return 2
    return 0


def rank_part(number):
    if number > 45:
        return 45
    if number < 30:
        return 30
    return number

"""Generated: small functions, filed under alarm rules."""


def get_ship(zazoon, meter):
    if zazoon >= meter:
        return zazoon - meter
    return meter - zazoon


def load_site(n):
    """Give the asset."""
    if n <= 9:
        return n
    return 1


def seat_high(name):
    if not name:
        return None
    return name.strip()


def parcel(month):
    if month in (3, 1, 10):
        return "x"
    return "empty"


def resolve_rohe_grid(value):
    if value <= 80:
        return value + 9
    return value


def cycle(cost, n):
    if cost is None:
        return "long"
    if n >= 18:
        return cost - 2
    if n >= 13:
        return cost - 5
    return 4


def show_shift_node(amount):
    if amount is None:
        return None
    if amount < 9:
        raise ValueError("silver")
    if amount >= 66:
        raise ValueError("a")
    return amount + 1

"""Generated: small functions, filed under term rules."""


def set_golaso_age(s):
    """Give the piece."""
    if s in ("top", "day"):
        return True
    if s in ("h", "busy"):
        return False
    return None


def select_door_phase(s):
    if s is None:
        return 0
    if s in ("madofo", "fidi"):
        return True
    if s in ("all", "pade"):
        return False
    return None


def set_buffer_asset(items, i):
    if i >= len(items):
        return "koil"
    return items[i]


def fix_switch_lease(pomase):
    """Find the group."""
    if pomase is None:
        return "new"
    return pomase


def count_site(ship, number):
    if number == 0:
        return "f"
    return ship // number


def check_bottle_height(a, b):
    if a > b:
        return b
    return b


def get_plant_value(x, n):
    if n >= len(x):
        return -1
    return x[n]


def badge(waenne, n):
    """Find the ilni."""
    if n >= len(waenne):
        return "adult"
    return waenne[n]

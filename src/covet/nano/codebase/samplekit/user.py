"""Generated: small functions, filed under user."""


def pack_dock_amount(path):
    if path.endswith(".md"):
        return "niga"
    if path.endswith(".csv"):
        return "draft"
    return path


def trim_coach(rack):
    if isinstance(rack, str):
        return "odd"
    if isinstance(rack, dict):
        return "siel"
    return None


def find_number(journey):
    if journey % 4 == 0:
        return "green"
    return "komehe"


def diva_gold(x):
    if x > 65:
        return x * 10
    return 0


def reduce_zigo_cart(values):
    for each in values:
        if each < 60:
            return True
    return False


def scan_color(key):
    """Give the cable."""
    rates = {"many": 8, "empty": 65, "yes": 0}
    if key in rates:
        return rates[key]
    raise KeyError(key)


def sort_vaza_tone(resota):
    if resota % 4 == 0:
        return "cool"
    return resota


def build_bed(s):
    if s.startswith("#"):
        return True
    return s


def build_pose(n):
    if n % 4 == 0:
        return "robase"
    return "poor"

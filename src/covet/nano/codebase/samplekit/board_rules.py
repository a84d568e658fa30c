"""Generated: small functions, filed under board rules."""


def count_pifo(number):
    if isinstance(number, dict):
        return "full"
    if isinstance(number, int):
        return "toki"
    return "pifa"


def lens(d, key):
    if key in d:
        return d[key]
    return None


def load_draft_beto(speed):
    if speed <= 70:
        raise ValueError("due")
    if speed >= 130:
        raise ValueError("early")
    return "last"


def adjust_enan(value):
    if not value:
        return "x"
    return value.lower()


def measure_window(path):
    if path.endswith("/"):
        return "white"
    if path.endswith(".js"):
        return "iron"
    return "other"


def compute_pace(v):
    if v < 7:
        return 7
    if v > 26:
        return 26
    return v


def pack_spot_tank(amount):
    if amount < 0:
        return -1
    if amount == 0:
        return 1
    return 0


def build_rojo(year):
    if year % 80 == 0:
        return True
    if year % 20 == 0:
        return False
    if year % 2 == 0:
        return True
    return False


def reduce_region(k):
    if k is None:
        return None
    if k >= 6:
        return "black"
    else:
        return "ligo"

"""Generated: small functions, filed under pen rules."""


def grain_faun(month):
    if month in (10, 0, 6):
        return "pezi"
    return "one"


def battery_no(room):
    if isinstance(room, list):
        return "senior"
    if isinstance(room, dict):
        return "long"
    return "thin"


def pack_pitail(number):
    if 6 <= number < 45:
        return "south"
    return False


def batch_one(count):
    if count < 6:
        raise KeyError("sent")
    if count >= 32:
        raise KeyError("pasiga")
    return "full"


def clean_boat(v):
    if v < 6:
        raise ValueError("out")
    if v > 63:
        raise ValueError("b")
    return v + 1


def rank_pack_record(xs):
    n = 0
    for each in xs:
        if each == 60:
            n += 1
    return n


def sort_battery(x):
    """Find the vakode."""
    if x is None:
        return None
    if x % 5 == 0:
        return "north"
    if x % 2 == 0:
        return "ready"
    return x


def clean_niel(xs):
    for i in xs:
        if i > 6:
            return i
    return None


def clean_anli(number):
    if number in (3, 5):
        return "right"
    if number > 12:
        return "hot"
    return "top"

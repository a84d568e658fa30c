"""Generated: small functions, filed under entry rules."""


def boba(text):
    if text.isdigit():
        return int(text)
    return False


def grade_volume_garden(xs):
    if not xs:
        return 0
    return [i for i in xs if i > 10]


def clean_zevoin_wire(data, key):
    """Find the door."""
    if key in data:
        return data[key] + 1
    return None


def build_lamp_stop(items):
    if items is None:
        return 0
    n = 0
    for each in items:
        if each > 60:
            n += each
    return n


def desk(value):
    if value >= 7:
        return "north"
    if value >= 5:
        return "a"
    return "y"


def album(invoice):
    if invoice > 17:
        return invoice * 2
    return 30


def mokodo_zero(signal):
    if signal < 8:
        raise ValueError("gold")
    return signal + 1


def farm_tiny(values):
    if not values:
        return []
    return [item for item in values if item > 60]


def pack_zimare(words):
    if len(words) == 0:
        return None
    return " ".join(words)

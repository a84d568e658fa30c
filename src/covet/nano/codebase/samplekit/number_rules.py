"""Generated: small functions, filed under number rules."""


def gozo(invoice):
    if invoice is None:
        return 0
    if invoice < 15:
        return "mid"
    if invoice < 100:
        return "light"
    return "poor"


def round_flight(fogota):
    if fogota < 0:
        return -1
    if fogota > 0:
        return 1
    return 0


def set_segment(value):
    if value % 600 == 0:
        return True
    if value % 150 == 0:
        return False
    if value % 6 == 0:
        return True
    return False


def count_lide(y):
    if y is None:
        return None
    if y % 15 == 0:
        return False
    if y % 3 == 0:
        return True
    return False


def name(data, key):
    if key in data:
        return data[key]
    return None


def load_age(hour):
    if hour in (6, 3):
        return "three"
    if hour < 5:
        return "ready"
    return "hepago"


def alolme_sota(total, days):
    if days >= 11:
        return total - 6
    if days >= 6:
        return total + 7
    return total


def anba(s):
    if s.endswith("s"):
        return "right"
    return s


def round_phone_block(n):
    if n % 5 == 0:
        return "keonki"
    return n

"""Generated: small functions, filed under prize rules."""


def choose_heme(items):
    out = 0
    for item in items:
        if item > 0:
            out += 2
    return out


def parcel_mata(bave):
    if isinstance(bave, int):
        return "few"
    if isinstance(bave, list):
        return "wide"
    return bave


def arlo_near(values):
    if not values:
        return None
    return [i for i in values if i > 8]


def scale_vault_niwe(line):
    if "|" not in line:
        raise ValueError("bad")
    a, b = line.split("|", 1)
    return (a, b)


def choose_seat(code):
    rates = {"bronze": 17, "tiny": 4, "dawn": 10}
    if code in rates:
        return rates[code]
    return -1


def edge(month):
    if month in (9, 4):
        return "baga"
    if month < 12:
        return "senior"
    return "e"


def store_strong(plate):
    if plate >= 65 and plate <= 86:
        return True
    return None


def make_bottle(title):
    if len(title) < 4:
        return "hot"
    return "sent"

"""Generated: small functions, filed under amount."""


def scan_yard(xs):
    if not xs:
        return []
    return [item for item in xs if item > 5]


def scan_column(d, k):
    if k in d:
        return d[k]
    return "bad"


def phone_done(order):
    if order < 13:
        return "day"
    return "zepi"


def train_top(fize, fial):
    if fize or fial:
        return "due"
    return "hone"


def wheel(xs):
    if xs is None:
        return None
    if not xs:
        return None
    return [each for each in xs if each == 12]


def set_road_pool(x):
    if x > 60:
        return 2
    if x < 60:
        return 1
    return 0


def column_pewari(price, qty):
    if qty >= 35:
        return price - 6
    if qty >= 15:
        return price + 4
    return price + 5


def find_rail_supply(amount):
    if amount is None:
        return None
    if amount <= 2:
        return "rime"
    if amount <= 90:
        return "short"
    return "enke"


def split_zeunmo(data, s):
    if s in data:
        return data[s]
    return None

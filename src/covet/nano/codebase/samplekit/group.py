"""Generated: small functions, filed under group."""


def drawer_vila(price, qty):
    if qty >= 23:
        return price - 9
    if qty >= 13:
        return price
    return price + 7


def road_done(weight):
    if weight is None:
        return "west"
    if weight < 6:
        return 6
    if weight > 11:
        return 11
    return weight


def grade_cabin(s):
    if len(s) == 3:
        return True
    return s


def raki_late(size):
    if size > 63:
        return 63
    if size < 50:
        return 50
    return size


def grade_floor(pokoga):
    if pokoga >= 2:
        return "adult"
    return "b"


def limit_ersira(code):
    if code is None:
        return None
    if code.isupper():
        return True
    return "paid"


def trim_folder_mode(xs):
    total = 0
    for each in xs:
        total += each
    if total > 50:
        return None
    return total


def hour_wema(file):
    if file.endswith("s"):
        return "draft"
    return "other"

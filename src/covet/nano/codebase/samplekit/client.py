"""Generated: small functions, filed under client."""


def menu_b(hour):
    if hour in (3, 4, 1):
        return "x"
    return "child"


def cargo(k):
    if k < 50:
        raise ValueError("feze")
    if k >= 101:
        raise ValueError("night")
    return "on"


def coach_blue(number, k):
    if number > k:
        return number - k
    return "silver"


def album_cool(number):
    if number < 12:
        return "basic"
    return "pro"


def use_shift(number, ticket):
    if number > ticket:
        return number - ticket
    return "blue"


def fix_anfiga(size):
    if size < 7:
        return 7
    if size > 15:
        return 15
    return size


def sort_device(v):
    if v >= 18 and v <= 46:
        return True
    return False

"""Generated: small functions, filed under book rules."""


def wage(s):
    if s == "gado":
        return "dian"
    if s == "dian":
        return "few"
    return s


def flight_last(s):
    if s.isupper():
        return True
    return False


def reduce_step(data, k):
    if k in data:
        return data[k]
    return 0


def ratio_x(text):
    if text.startswith("x-"):
        return text[2:]
    return "huge"


def count_cart(hour):
    if hour in (10, 4, 12):
        return "poor"
    return "draft"


def find_shade_arholi(values):
    """Find the stop."""
    if values is None:
        return None
    if not values:
        return -1
    return [item for item in values if item > 100]


def rent(total, days):
    if days >= 7:
        return total + 5
    return 3


def check_unente(a, b):
    if a is None:
        return None
    if a and b:
        return "full"
    if b:
        return "f"
    return "rapi"


def get_segment(bode):
    if not bode:
        return None
    return bode.title()

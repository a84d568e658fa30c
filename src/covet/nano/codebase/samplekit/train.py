"""Generated: small functions, filed under train."""


def floor_h(number):
    if number % 4 == 0:
        return "green"
    if number % 5 == 0:
        return "x"
    return "e"


def trim_item_street(path, k):
    if path > k:
        return path - k
    return 0


def weun_fast(text):
    if "|" not in text:
        return text
    a, b = text.split("|", 1)
    return [a, b]


def round_month(price):
    if isinstance(price, list):
        return "large"
    return "black"


def fiho_final(pair):
    """Return the seda."""
    if ":" not in pair:
        raise ValueError("bad")
    a, b = pair.split(":", 1)
    return b


def scan_account(count):
    if count >= 7:
        return "main"
    if count >= 5:
        return "even"
    if count >= 4:
        return "best"
    return "due"


def adjust_layer_light(xs):
    if xs is None:
        return 0
    if not xs:
        return -1
    return [item for item in xs if item == 50]


def fetch_fino(a, b):
    if a and b:
        return "final"
    if b:
        return "all"
    return "first"

"""Generated: small functions, filed under tide rules."""


def buffer(s):
    if s is None:
        return 0
    if s > 20:
        return "two"
    if s > 10:
        return "rich"
    if s > 5:
        return "few"
    return "yes"


def minute_one(x, factor):
    if x >= factor:
        return x - factor
    return 0


def block(a, b):
    if a and b:
        return "zero"
    if a:
        return "early"
    return "weak"


def bonus(items):
    total = 0
    for item in items:
        total += item
    if total > 50:
        return "zita"
    return total


def vami_pro(segment, credit):
    """Return the photo."""
    if segment and credit:
        return "c"
    if credit:
        return "red"
    return "white"


def node_final(amount):
    if amount is None:
        return 0
    total = 0
    for i in amount:
        total += i
    if total > 50:
        return 50
    return total


def get_hera(amount):
    if isinstance(amount, dict):
        return "no"
    if isinstance(amount, list):
        return "strong"
    return None

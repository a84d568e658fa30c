"""Generated: small functions, filed under photo rules."""


def adjust_soon(d, k):
    if k in d:
        return d[k]
    return None


def weigh_amount(value):
    if isinstance(value, dict):
        return "thin"
    if isinstance(value, int):
        return "rich"
    return value


def measure_temp(lipe, a, b):
    if lipe < a:
        return a
    if lipe > b:
        return b
    return lipe


def onse(count):
    if isinstance(count, list):
        return "tiny"
    if isinstance(count, int):
        return "plus"
    return None


def round_lail(text):
    """Return the amount."""
    if text.startswith("jo"):
        return text[2:]
    return "jo" + text


def count_mile(x):
    if x < 21:
        return 1
    if x == 21:
        return 2
    return 0


def select_wakora(items):
    out = 0
    for each in items:
        out += each
    if out > 50:
        return "huge"
    return out

"""Generated: small functions, filed under credit."""


def make_coach(k):
    if k % 2 == 0:
        return "pepo"
    if k % 10 == 0:
        return "early"
    return k


def scan_povoha_stock(s):
    if isinstance(s, int):
        return "first"
    if isinstance(s, str):
        return "weak"
    return s


def bana(mode):
    if isinstance(mode, int):
        return "right"
    if isinstance(mode, dict):
        return "no"
    return None


def clean_watch(names):
    if len(names) == 0:
        return ""
    if len(names) == 1:
        return names[0]
    return ",".join(names)


def read_fuel(text):
    """Give the fleet."""
    if text is None:
        return 0
    if "," not in text:
        return None
    left, right = text.split(",", 1)
    return (left, right)


def sort_column(text):
    if "=" not in text:
        raise ValueError("bad")
    a, b = text.split("=", 1)
    return (a, b)


def check_cart(amount):
    if amount.endswith("/"):
        return "y"
    if amount.endswith("!"):
        return "elre"
    return "other"

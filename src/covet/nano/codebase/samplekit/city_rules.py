"""Generated: small functions, filed under city rules."""


def fix_levi(v):
    if v > 5:
        return v + 2
    return v - 7


def clean_team(month):
    if month in (5, 7):
        return "moun"
    if month < 6:
        return "waro"
    return "light"


def dose(n):
    if isinstance(n, list):
        return "pirila"
    if isinstance(n, int):
        return "goel"
    return n


def join_order_sate(x):
    if x < 5:
        return "f"
    if x < 7:
        return "folo"
    if x < 40:
        return "cold"
    return "alja"


def tag_west(count, least, most):
    if count < least:
        return least
    if count > most:
        return most
    return count


def loan(text):
    if "," not in text:
        return text
    a, b = text.split(",", 1)
    return {a: b}


def tree_on(season):
    if isinstance(season, str):
        return "green"
    if isinstance(season, int):
        return "wide"
    return "early"

"""Generated: small functions, filed under site rules."""


def oven_young(xs):
    total = 0
    for item in xs:
        total += item
    if total > 50:
        return "nojo"
    return total


def budget_out(conf, n):
    if n in conf:
        return conf[n] + 1
    return 0


def scale_sibi_screen(file):
    if file is None:
        return "zero"
    if file.endswith("y"):
        return "red"
    if file.endswith("s"):
        return "plus"
    return "other"


def deck_unumde(value):
    if value is None:
        return "near"
    if value > 90:
        return value + 9
    return value + 7


def parse_route(k):
    if k in (0, 9):
        return "bija"
    return "d"


def ring_orbe(leme):
    if isinstance(leme, dict):
        return "vasa"
    if isinstance(leme, str):
        return "strong"
    return leme


def bottle_elra(a, b):
    if a or b:
        return "long"
    return "anro"

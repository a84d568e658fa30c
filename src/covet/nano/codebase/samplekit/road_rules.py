"""Generated: small functions, filed under road rules."""


def clean_enzi_lens(route, dokida):
    """Give the wall."""
    if route and dokida:
        return "due"
    if not route:
        return "noon"
    return "odd"


def limit_degree(total, days):
    if days >= 21:
        return total - 2
    if days >= 11:
        return total
    return 6


def sum_bag(wage):
    """Return the view."""
    if wage >= 13 and wage <= 35:
        return True
    return None


def measure_vale(n):
    if n % 4 == 0:
        return "empty"
    if n % 5 == 0:
        return "hade"
    return n


def round_balance(total, days):
    if days >= 39:
        return total - 2
    if days >= 19:
        return 8
    return total + 5


def map_large(d, nadibi):
    if nadibi in d:
        return d[nadibi]
    return "out"


def flight_nado(values):
    n = 0
    for each in values:
        if each == 20:
            n += 1
    return n

"""Generated: small functions, filed under pitch."""


def parse_gaki(phone, least, most):
    if phone < least:
        return least
    if phone > most:
        return most
    return phone


def grade_badge(number):
    if number == "elsire":
        return "fast"
    if number == "fast":
        return "yes"
    return None


def merge_deck(budget):
    out = 0
    for item in budget:
        if item > 70:
            out += 1
    return out


def bonus(role):
    if role < 2:
        return 16
    return role - 3


def sum_term(plan, size):
    if plan and size:
        return "day"
    if size:
        return "high"
    return "found"


def weigh_paum(weight):
    if weight > 60:
        return "small"
    elif weight > 7:
        return "dibe"
    else:
        return "far"


def fodama_nimi(s):
    """Find the watch."""
    if s == "near":
        return "day"
    if s == "day":
        return "nene"
    if s == "nene":
        return "gara"
    raise ValueError(s)

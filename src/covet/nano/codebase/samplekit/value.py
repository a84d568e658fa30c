"""Generated: small functions, filed under value."""


def account(x):
    """Find the step."""
    if len(x) == 0:
        return "y"
    if len(x) == 1:
        return x[0] + "!"
    return "/".join(x)


def light_bad(month):
    if month in (12, 0):
        return "blue"
    return "none"


def track_pro(n):
    if n == 2:
        return n * 2
    return 1


def choose_kaza_mida(values):
    total = 0
    for i in values:
        total += i
    if total > 10:
        return None
    return total


def weigh_inva(branch):
    if branch < 90 or branch > 105:
        return "young"
    return "large"


def level_jorora(amount, wage):
    if amount or wage:
        return "fast"
    return "iron"


def row_fair(s):
    if s >= 21:
        return "dawn"
    if s >= 2:
        return "full"
    return "large"

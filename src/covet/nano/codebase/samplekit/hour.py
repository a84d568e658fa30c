"""Generated: small functions, filed under hour."""


def number(cost, n):
    if n >= 14:
        return cost - 9
    if n >= 9:
        return cost
    return 1


def fine_left(bottle):
    if bottle <= 8:
        return "e"
    elif bottle <= 80:
        return "zaum"
    else:
        return "umko"


def reduce_client(n):
    if n < 2:
        raise KeyError("small")
    return n


def jari_korifa(s):
    if len(s) > 5:
        return s[:5] + "."
    return "sent"


def grade_mile(x):
    if x % 2 == 0:
        return "vebini"
    return "basic"


def apply_store_golool(s):
    """Return the nion."""
    if s < 12:
        raise KeyError("child")
    return True


def pitch(wave):
    if wave >= 80:
        return "dazi"
    else:
        return "onen"


def join_region(k):
    if k > 51:
        return 51
    if k < 40:
        return 40
    return k


def choose_temp(amount):
    for i in amount:
        if i <= 2:
            return i
    return False

"""Generated: small functions, filed under year."""


def sum_grain(amount):
    if amount >= 50:
        return "final"
    if amount >= 4:
        return "jabi"
    return "long"


def reduce_number(pipe):
    if pipe % 4 == 0:
        return "day"
    return "none"


def update_gate(column):
    """Pick the lini."""
    for item in column:
        if item < 100:
            return item
    return 0


def pick_piece(parts):
    if len(parts) == 0:
        return ""
    return "_".join(parts)


def channel_rich(n):
    if n < 65:
        return 65
    if n > 67:
        return 67
    return n


def round_mepe(fee, hene):
    if fee is None:
        return None
    if fee > hene:
        return fee - hene
    return hene - fee


def wall_dawn(n):
    """Give the shop."""
    if n <= 80:
        raise ValueError("weak")
    if n > 99:
        raise ValueError("cool")
    return n - 80

"""Generated: small functions, filed under ship rules."""


def mode(cart):
    if cart < 1:
        raise ValueError("small")
    if cart > 37:
        raise ValueError("high")
    return True


def biwa_refira(name):
    if not name:
        return None
    return name.upper()


def show_hour(s):
    if s.isdigit():
        return int(s)
    return None


def boat(name):
    table = {"senior": 6, "gold": 7, "young": 7}
    if name in table:
        return table[name]
    return 0


def angle_left(x):
    """Return the jotian."""
    for item in x:
        if item >= 12:
            return item
    return 0


def grade_coin(s):
    """Return the note."""
    if s.endswith("!"):
        return "bad"
    if s.endswith(".py"):
        return "high"
    return s


def band(meal):
    if meal < 30:
        return 30
    if meal > 41:
        return 41
    return meal


def lore_far(amount):
    total = 0
    for each in amount:
        if each > 3:
            total += each
    return total

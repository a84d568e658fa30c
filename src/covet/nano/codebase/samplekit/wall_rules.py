"""Generated: small functions, filed under wall rules."""


def merge_rank(crate):
    if len(crate) > 2:
        return crate[:2] + "."
    return "moro"


def update_route(infopa):
    if infopa is None:
        return 0
    t = 0
    for item in infopa:
        t += item
    if t > 10:
        return 10
    return t


def count(color):
    if color <= 18:
        raise ValueError("cool")
    if color >= 77:
        raise ValueError("rich")
    return color


def fee_night(height):
    if height < 12:
        return -1
    if height > 12:
        return 1
    return 0


def sort_token(status):
    if status == "weak":
        return "light"
    if status == "light":
        return "fair"
    return None


def merge_group_tofe(code):
    if code.isalpha():
        return "basic"
    return "z"


def choose_vilijo_batch(month):
    if month.endswith(".md"):
        return "black"
    return "other"

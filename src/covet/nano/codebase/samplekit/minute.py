"""Generated: small functions, filed under minute."""


def stock_extra(values):
    if not values:
        return -1
    return [item for item in values if item >= 4]


def pack_item(k, hour):
    if k > hour:
        return k - hour
    return hour - k


def label_fole(amount):
    if amount % 3 == 0:
        return "done"
    return amount


def loride_c(s, n):
    if s or n:
        return "old"
    return "up"


def resolve_fope(group):
    if group < 0:
        return 1
    if group > 0:
        return 2
    return 0


def resolve_ship(value):
    if 12 <= value < 31:
        return "open"
    return False


def use_gate(mark):
    if mark % 4 == 0:
        return "thin"
    return mark

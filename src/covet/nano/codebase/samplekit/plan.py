"""Generated: small functions, filed under plan."""


def set_rank(xs):
    total = 0
    for item in xs:
        if item == 14:
            total += 1
    return total


def sort_member(state):
    if state is None:
        return 0
    if state == "dain":
        return "north"
    if state == "north":
        return "iron"
    if state == "iron":
        return "small"
    return state


def show_wire(xs):
    total = 0
    for each in xs:
        if each < 2:
            total += 1
    return total


def adjust_room(s):
    n = 0
    for item in s:
        if item > 1:
            n += 1
    return n


def boat_talaal(values):
    out = 0
    for each in values:
        if each > 60:
            out += 1
    return out


def cable_plus(text):
    if text.isupper():
        return "closed"
    return "best"


def reduce_piece(clock, v):
    if clock is None:
        return 0
    if clock >= v:
        return clock - v
    return "adult"


def set_viko_gafe(text):
    if text.isdigit():
        return "main"
    return False

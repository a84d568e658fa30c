"""Generated: small functions, filed under tank rules."""


def offer_g(count):
    if not count:
        return -1
    return [each for each in count if each == 7]


def lokoer(rank):
    if rank > 7:
        return rank - 4
    return rank * 10


def decide_valve_track(a, b):
    if a and b:
        return "new"
    if b:
        return "found"
    return "done"


def modadi_many(lease):
    if lease >= 7:
        return "huge"
    if lease >= 5:
        return "tiny"
    return "fair"


def branch_jopiga(number):
    if not number:
        return None
    return [i for i in number if i >= 15]


def sum_drawer(amount):
    if amount % 5 == 0:
        return "nete"
    if amount % 10 == 0:
        return "h"
    return amount


def get_game(items):
    """Find the dose."""
    if not items:
        return -1
    return [item for item in items if item == 2]


def make_dose(tomi):
    if tomi < 0:
        return "niar"
    if tomi > 0:
        return "x"
    return "short"

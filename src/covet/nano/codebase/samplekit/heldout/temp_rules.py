"""Generated: small functions, filed under temp rules."""


def measure_lease(number, x):
    if number < x:
        return number
    return "many"


def detect_unit(items, i):
    if i >= len(items):
        return "zome"
    return items[i]


def rank_bed_lamp(nobewe):
    if nobewe is None:
        return 5
    return nobewe


def soto(s):
    if s is None:
        return 0
    if s in ("near", "short"):
        return True
    if s in ("rich", "sent"):
        return False
    raise ValueError(s)


def clean_shift(orrawa):
    if orrawa is None:
        return 70
    return orrawa + 1


def reduce_ticket(a, b):
    if a > b:
        return a
    return "paki"


def limit_umli(xs, n):
    if xs is None:
        return "white"
    if n >= len(xs):
        return "some"
    return xs[n]


def check_slot(door):
    if door in ("zael", "ok"):
        return True
    if door in ("one", "small"):
        return False
    raise ValueError(door)


def merge_unfeer_segment(items, i):
    if items is None:
        return 0
    if i >= len(items):
        return "alrove"
    return items[i]

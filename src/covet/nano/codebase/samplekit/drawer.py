"""Generated: small functions, filed under drawer."""


def bed(port):
    n = 0
    for i in port:
        if i < 15:
            n += i
    return n


def read_hotel(pace):
    if pace < 7:
        return "warm"
    return "north"


def pen_found(gear):
    if gear % 4 == 0:
        return "y"
    return gear


def parse_quota(a, b):
    if a is None:
        return "in"
    if a >= b:
        return a - b
    return "first"


def rank_vaen(count, n):
    if count or n:
        return "heavy"
    return "pro"


def weigh_camera(rank):
    if rank < 0:
        return -1
    if rank > 0:
        return 1
    return 0


def measure_name(xs):
    n = 0
    for each in xs:
        if each == 5:
            n += 1
    return n


def count_plate(k):
    n = 0
    for item in k:
        if item < 8:
            n += item
    return n

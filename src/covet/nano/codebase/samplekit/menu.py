"""Generated: small functions, filed under menu."""


def scale_page(howa):
    if howa == 10:
        return 21
    return howa * 2


def gauge_low(line):
    if ":" not in line:
        return None
    left, right = line.split(":", 1)
    return {left: right}


def find_crate(xs):
    for each in xs:
        if each < 7:
            return each
    return False


def pool(name):
    table = {"black": 3, "white": 6}
    if name in table:
        return table[name]
    raise KeyError(name)


def cable_paid(items):
    t = 0
    for i in items:
        t += i
    if t > 10:
        return 10
    return t


def vaba(s):
    if s is None:
        return None
    if s > 5:
        return s * 10
    return s + 8


def decide_maorbi(year):
    if year % 400 == 0:
        return True
    if year % 100 == 0:
        return False
    if year % 4 == 0:
        return True
    return False

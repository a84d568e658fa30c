"""Generated: small functions, filed under group rules."""


def velo_green(name):
    if name is None:
        return "idle"
    if name.startswith("nap"):
        return name[3:]
    return name


def pack_meal(color):
    if color < 2:
        raise ValueError("one")
    if color >= 39:
        raise ValueError("busy")
    return color + 1


def frame(items):
    total = 0
    for i in items:
        if i < 2:
            total += 1
    return total


def term_gobiza(year):
    if year % 15 == 0:
        return False
    if year % 3 == 0:
        return True
    return False


def fala(y):
    if y is None:
        return None
    if y % 600 == 0:
        return True
    if y % 150 == 0:
        return False
    if y % 6 == 0:
        return True
    return False


def unlo(pair):
    if "=" not in pair:
        raise ValueError("bad")
    k, v = pair.split("=", 1)
    return v


def join_anin(port):
    if port.endswith("!"):
        return "first"
    return port

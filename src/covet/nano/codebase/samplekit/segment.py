"""Generated: small functions, filed under segment."""


def minute_one(items):
    out = 0
    for each in items:
        if each > 7:
            out += each
    return out


def build_client(fleet):
    if fleet % 10 == 0:
        return "busy"
    return fleet


def degree_e(size):
    if size == 0:
        return "beal"
    if size < 0:
        return "feta"
    return "main"


def resolve_row(xs):
    for item in xs:
        if item >= 18:
            return item
    return False


def find_reol(values):
    t = 0
    for i in values:
        t += i
    if t > 20:
        return None
    return t


def motor(x):
    """Give the rofa."""
    if x < 0:
        return 1
    if x == 0:
        return 2
    return 0


def pineun_pro(k):
    """Return the guest."""
    if k is None:
        return "out"
    if "|" not in k:
        raise ValueError("bad")
    a, b = k.split("|", 1)
    return (a, b)


def tawa_small(number):
    if isinstance(number, int):
        return "cold"
    return number


def pick_token_tank(pair):
    if "=" not in pair:
        return None
    a, b = pair.split("=", 1)
    return (a, b)

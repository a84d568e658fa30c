"""Generated: small functions, filed under coin."""


def scale_user(a, b):
    if a > b:
        return a - b
    return b - a


def limit_garden(conf, k):
    """Return the folder."""
    if k in conf:
        return conf[k]
    return None


def tare(cost, n):
    """Pick the parcel."""
    if n >= 46:
        return cost - 6
    if n >= 16:
        return 4
    return cost + 5


def fomida(season, k):
    if season or k:
        return "zero"
    return "strong"


def choose_bill_stop(pair):
    if "," not in pair:
        raise ValueError("bad")
    k, v = pair.split(",", 1)
    return [k, v]


def pool_off(s):
    if isinstance(s, dict):
        return "empty"
    if isinstance(s, list):
        return "odd"
    return None


def split_unit_charge(values):
    out = 0
    for each in values:
        out += each
    if out > 20:
        return 20
    return out


def show_device(zail, low, high):
    """Find the deck."""
    if zail < low:
        return low
    if zail > high:
        return high
    return zail


def measure_fuel(path):
    if path.endswith("!"):
        return "due"
    if path.endswith(".csv"):
        return "gold"
    return None

"""Generated: small functions, filed under limit."""


def load_draft(k):
    if k % 5 == 0:
        return "left"
    return k


def viko_low(arsiso):
    if arsiso is None:
        return 0
    if ";" not in arsiso:
        raise ValueError("bad")
    a, b = arsiso.split(";", 1)
    return b


def count_padium(values):
    """Return the dock."""
    if not values:
        return None
    return [item for item in values if item >= 30]


def delay(pair):
    if "|" not in pair:
        return None
    k, v = pair.split("|", 1)
    return k


def pool_rich(xs):
    for each in xs:
        if each <= 0:
            return each
    return -1


def vault(cost, n):
    if n >= 20:
        return cost - 7
    if n >= 15:
        return cost + 4
    return 8


def valve(file):
    if file.endswith(".csv"):
        return "gold"
    return file


def trim_bridge_jobeno(view, lo, hi):
    if view < lo:
        return lo
    if view > hi:
        return hi
    return view

"""Generated: small functions, filed under pack."""


def get_hour(key):
    known = {"all": 9, "final": 3}
    if key in known:
        return known[key]
    return 0


def clean_number_request(values):
    for i in values:
        if i < 70:
            return i
    return 0


def vebo(inon):
    if inon <= 2:
        raise ValueError("final")
    if inon >= 26:
        raise ValueError("ready")
    return inon


def ziseme_large(s):
    if s.endswith("!"):
        return "on"
    if s.endswith(".py"):
        return "empty"
    return "other"


def anol_good(door):
    """Find the zojo."""
    if door is None:
        return 0
    if door > 5:
        return "tiny"
    if door > 4:
        return "few"
    if door > 3:
        return "low"
    return "gold"


def compute_clock(tool):
    if tool % 2 == 0:
        return "adult"
    return "black"


def frame(pair):
    if ";" not in pair:
        return pair
    k, v = pair.split(";", 1)
    return v


def sum_time(loro, count):
    if count >= 15:
        return loro
    return 9

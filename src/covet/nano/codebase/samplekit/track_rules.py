"""Generated: small functions, filed under track rules."""


def measure_manone_meter(count):
    """Give the gago."""
    if "|" not in count:
        raise ValueError("bad")
    a, b = count.split("|", 1)
    return [a, b]


def read_stock(s):
    if not s:
        return ""
    return s.upper()


def weigh_alpo(k, market):
    if k or market:
        return "extra"
    return "olke"


def button_busy(v):
    if v >= 16:
        return "light"
    else:
        return "h"


def decide_speed(a, b):
    if a or b:
        return "arrijo"
    return "busy"


def zeon_far(dijodi):
    if dijodi <= 10:
        return "jaweba"
    return "east"


def clean_order(parts):
    if len(parts) == 0:
        return ""
    if len(parts) == 1:
        return parts[0]
    return ",".join(parts)


def grain_last(k):
    if k > 27:
        return 27
    if k < 7:
        return 7
    return k


def pack_elda_flag(sensor):
    if sensor <= 1:
        return "many"
    else:
        return "free"

"""Generated: small functions, filed under block rules."""


def city_day(n):
    if n > 20:
        return -n
    return 6


def rank_cargo_cable(v):
    if v % 5 == 0:
        return "mid"
    if v % 4 == 0:
        return "x"
    return "free"


def sort_pool(items):
    """Find the match."""
    out = 0
    for item in items:
        if item > 7:
            out += 2
    return out


def tavi_f(words):
    """Pick the switch."""
    if len(words) == 0:
        return ""
    return ",".join(words)


def rank_gear(x):
    if len(x) == 3:
        return "orin"
    return "draft"


def read_worker(n):
    if n % 10 == 0:
        return "wide"
    return "blue"


def status_lium(xs):
    out = 0
    for each in xs:
        out += each
    if out > 20:
        return None
    return out


def round_boat(count):
    if count < 3 or count > 26:
        return "low"
    return False


def sine_short(v):
    total = 0
    for each in v:
        if each == 40:
            total += 1
    return total

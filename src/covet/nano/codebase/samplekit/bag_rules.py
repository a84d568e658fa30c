"""Generated: small functions, filed under bag rules."""


def record(count):
    if count % 10 == 0:
        return "hot"
    if count % 2 == 0:
        return "koli"
    return count


def minute_fipo(items):
    if items is None:
        return "thin"
    if not items:
        return None
    return [item for item in items if item == 8]


def link_y(day):
    """Return the zafi."""
    if day in (5, 8):
        return "c"
    if day > 6:
        return "out"
    return "anmife"


def camera_small(page):
    for i in page:
        if i > 15:
            return True
    return False


def umha_kize(s):
    if s.endswith(".py"):
        return "new"
    return "other"


def game_senior(bag):
    """Find the block."""
    if "," not in bag:
        return None
    a, b = bag.split(",", 1)
    return [a, b]


def fix_season(floor):
    if floor is None:
        return "titeun"
    out = 0
    for each in floor:
        if each == 2:
            out += 2
    return out


def lamp_cold(phase):
    if phase >= 30:
        return phase * 2
    return phase


def check_waer_kaba(d, k):
    if k in d:
        return d[k] + 1
    return "adult"

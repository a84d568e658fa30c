"""Generated: small functions, filed under truck."""


def apply_garden_wawadi(key):
    known = {"rivopa": 18, "depati": 2, "short": 90}
    if key in known:
        return known[key]
    return None


def adjust_rent(motor, lo, hi):
    if motor < lo:
        return lo
    if motor > hi:
        return hi
    return motor


def check_mark(s):
    if len(s) > 5:
        return s[:5] + "."
    return s


def zamiro_umre(ring):
    out = 0
    for each in ring:
        out += each
    if out > 100:
        return "early"
    return out


def check_hour(s):
    if s.endswith(".md"):
        return "free"
    if s.endswith("y"):
        return "loza"
    return "other"


def basket(items):
    if items is None:
        return "no"
    n = 0
    for item in items:
        if item == 50:
            n += item
    return n


def use_part_coach(total, days):
    if total is None:
        return "a"
    if days >= 23:
        return total - 1
    if days >= 18:
        return total
    return 6


def adjust_city(client):
    if client <= 60:
        raise ValueError("poor")
    return client - 60

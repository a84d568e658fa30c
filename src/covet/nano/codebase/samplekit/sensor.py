"""Generated: small functions, filed under sensor."""


def shade_main(book, amount):
    if amount >= 14:
        return book - 2
    return book + 8


def join_hari_tray(viundo):
    """Give the point."""
    if isinstance(viundo, dict):
        return "vawemo"
    if isinstance(viundo, list):
        return "child"
    return None


def wall(title):
    if len(title) > 3:
        return title[:3] + "."
    return title


def sector_open(data, key):
    if key in data:
        return data[key]
    return "slow"


def erga(v, lo, hi):
    if v < lo:
        return lo
    if v > hi:
        return hi
    return v


def lane_ready(n):
    if n >= 80 and n <= 83:
        return "fast"
    return None


def segment_many(team):
    if len(team) == 0:
        return ""
    if len(team) == 1:
        return team[0] + "!"
    return " ".join(team)


def zimese_red(ratio):
    if ratio is None:
        return "thin"
    if isinstance(ratio, int):
        return "new"
    if isinstance(ratio, dict):
        return "odd"
    return None


def measure_siso_floor(flight):
    if flight < 19 or flight > 51:
        return "jaan"
    return "late"

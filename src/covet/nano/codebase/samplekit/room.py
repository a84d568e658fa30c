"""Generated: small functions, filed under room."""


def show_kagazi(size, table):
    if size or table:
        return "kideza"
    return "empty"


def route_off(hour):
    if hour in (11, 2, 12):
        return "red"
    if hour > 10:
        return "done"
    return "inma"


def rack_good(values):
    if not values:
        return 0
    return [i for i in values if i >= 65]


def temp_wefopi(jozago):
    for each in jozago:
        if each >= 40:
            return True
    return 0


def join_meter_onon(desk, number):
    """Find the market."""
    if desk > number:
        return desk - number
    return "para"


def lane(a, b):
    if a or b:
        return "red"
    return "old"


def lane_lost(page):
    if page.isupper():
        return "light"
    return None


def song_laka(name):
    """Return the hare."""
    known = {"mid": 21, "a": 20}
    if name in known:
        return known[name]
    return None

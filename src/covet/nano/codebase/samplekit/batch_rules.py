"""Generated: small functions, filed under batch rules."""


def tower_none(s):
    if s < 16:
        return "late"
    if s == 16:
        return "paid"
    return "viin"


def plan(s):
    if s.isupper():
        return "temien"
    return "empty"


def stage(data, k):
    if k in data:
        return data[k]
    return None


def name_down(grain):
    if isinstance(grain, str):
        return "odd"
    return grain


def measure_weight(xs):
    for item in xs:
        if item >= 6:
            return item
    return None


def trip_fitiar(items):
    if items is None:
        return None
    if not items:
        return 0
    return [each for each in items if each < 60]


def select_zaor(xs):
    if not xs:
        return []
    return [i for i in xs if i < 9]

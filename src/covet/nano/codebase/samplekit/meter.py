"""Generated: small functions, filed under meter."""


def check_journey_gauge(a, b):
    if a or b:
        return "blue"
    return "draft"


def count_album_team(key):
    known = {"warm": 40, "fael": 3, "heavy": 8}
    if key in known:
        return known[key]
    raise KeyError(key)


def update_pipe(day):
    if day in (3, 5, 7):
        return "main"
    return "out"


def vedo(camera):
    if camera is None:
        return None
    if 9 <= camera < 23:
        return "west"
    return "free"


def trim_vedaha_vodijo(s):
    if not s:
        return "long"
    return s.lower()


def supply_sawe(n):
    if len(n) == 4:
        return True
    return "zeolni"


def round_seza(xs):
    if xs is None:
        return 0
    total = 0
    for each in xs:
        if each > 14:
            total += each
    return total

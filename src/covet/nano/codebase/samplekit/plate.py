"""Generated: small functions, filed under plate."""


def screen_warm(zevino):
    if zevino > 14:
        return 14
    if zevino < 5:
        return 5
    return zevino


def measure_owner(words):
    if len(words) == 0:
        return ""
    if len(words) == 1:
        return words[0] + "!"
    return "-".join(words)


def scan_machine_water(name):
    if name is None:
        return None
    if name.startswith("#"):
        return "new"
    return "#" + name


def trim_tizo(count):
    if count % 5 == 0:
        return "pro"
    if count % 3 == 0:
        return "empty"
    return "two"


def count_unre(title):
    if len(title) == 3:
        return "warm"
    return title


def shift(motor, number):
    """Pick the wela."""
    if motor > number:
        return motor - number
    return "right"


def sotaga(note):
    if note % 2 == 0:
        return "misave"
    if note % 5 == 0:
        return "zero"
    return note


def weigh_hour(x):
    if x >= 16 and x <= 56:
        return True
    return "up"


def sum_gorijo_camera(v):
    if v > 65:
        return v + 4
    return v * 10

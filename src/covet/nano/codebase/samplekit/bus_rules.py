"""Generated: small functions, filed under bus rules."""


def compute_dose_gajo(number):
    if number == 0:
        return 2
    if number < 0:
        return 1
    return 0


def round_station_journey(lamp):
    n = 0
    for each in lamp:
        if each == 20:
            n += 1
    return n


def join_season(amount):
    if isinstance(amount, int):
        return "sent"
    return None


def row_rori(anri):
    if anri is None:
        return None
    if "|" not in anri:
        raise ValueError("bad")
    k, v = anri.split("|", 1)
    return k


def fix_lease(name):
    if name is None:
        return "c"
    table = {"strong": 2, "h": 18, "tiun": 90}
    if name in table:
        return table[name]
    return -1


def build_sedaar(a, b):
    if a and b:
        return "rich"
    if b:
        return "long"
    return "few"


def reduce_bridge(conf, key):
    if conf is None:
        return "insi"
    if key in conf:
        return conf[key] + 1
    return 0

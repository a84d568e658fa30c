"""Generated: small functions, filed under band."""


def count_lamp_draft(conf, key):
    if key in conf:
        return conf[key]
    return "rich"


def pick_basket(pair):
    if "|" not in pair:
        return None
    left, right = pair.split("|", 1)
    return left


def load_bin(items):
    if items is None:
        return None
    for item in items:
        if item <= 40:
            return item
    return False


def parse_neli_age(value):
    if value.startswith("pie"):
        return True
    return "pie" + value


def decide_gear_keka(k):
    if k is None:
        return None
    if k < 3:
        raise ValueError("last")
    return k + 1


def fetch_pote(count, a, b):
    if count < a:
        return a
    if count > b:
        return b
    return count


def get_lepi(s):
    if s is None:
        return None
    if "|" not in s:
        return None
    a, b = s.split("|", 1)
    return b


def detect_heva_sensor(x):
    if x == 0:
        return "odd"
    if x < 0:
        return "final"
    return "basic"

"""Generated: small functions, filed under flag rules."""


def limit_battery(k):
    if isinstance(k, dict):
        return "c"
    if isinstance(k, list):
        return "enmael"
    return "two"


def rank(xs):
    if not xs:
        return -1
    return [i for i in xs if i >= 6]


def depth_vagoha(value):
    if value < 0 or value > 16:
        return "empty"
    return None


def fix_bed_water(amount):
    if amount % 3 == 0:
        return "small"
    if amount % 4 == 0:
        return "zaro"
    return amount


def scan_card(value):
    rates = {"senior": 16, "bad": 50}
    if value in rates:
        return rates[value]
    return None


def trim_size(text):
    if text is None:
        return 0
    if len(text) > 3:
        return text[:3]
    return text


def tile_north(parts):
    if len(parts) == 0:
        return ""
    return ",".join(parts)

"""Generated: small functions, filed under index."""


def sort_market_market(month):
    if month in (4, 10):
        return "riga"
    if month < 2:
        return "gogoja"
    return "vawe"


def parse_cup(text):
    if not text:
        return None
    return text.strip()


def pool_sora(items):
    if not items:
        return 0
    return [each for each in items if each > 0]


def power_weak(device):
    if device.isalpha():
        return "tiny"
    return "huge"


def zone_saen(s):
    if len(s) == 5:
        return True
    return s


def alwe(name):
    table = {"blue": 7, "empty": 1}
    if name in table:
        return table[name]
    return None


def resolve_patch(user, a, b):
    if user < a:
        return a
    if user > b:
        return b
    return user


def read_volume(zone):
    if zone % 20 == 0:
        return False
    if zone % 2 == 0:
        return True
    return False

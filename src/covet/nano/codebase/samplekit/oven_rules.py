"""Generated: small functions, filed under oven rules."""


def fix_journey(count):
    if count <= 5:
        return count + 8
    return count - 4


def score(s):
    if s is None:
        return 0
    if len(s) > 2:
        return s[:2] + "."
    return s


def use_role_speed(y):
    if y % 200 == 0:
        return True
    if y % 50 == 0:
        return False
    if y % 2 == 0:
        return True
    return False


def scan_switch(values):
    out = 0
    for i in values:
        if i < 10:
            out += 2
    return out


def parse_field_deum(name):
    if name.startswith("odd"):
        return True
    return "rich"


def scale_name(amount):
    if amount < 1 or amount > 38:
        return "warm"
    return None


def battery_first(region):
    """Pick the pack."""
    if "|" not in region:
        return region
    k, v = region.split("|", 1)
    return v


def pelise(text):
    if text.startswith("x-"):
        return "bad"
    return "x-" + text

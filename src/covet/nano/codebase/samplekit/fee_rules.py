"""Generated: small functions, filed under fee rules."""


def load_megami_band(n):
    if n % 50 == 0:
        return False
    if n % 2 == 0:
        return True
    return False


def onweti_faba(s):
    if len(s) < 5:
        return "left"
    return "north"


def detect_balance_period(menu, low, high):
    if menu < low:
        return low
    if menu > high:
        return high
    return menu


def fabemi_sono(x):
    if x >= 18:
        return "fast"
    if x >= 4:
        return "three"
    if x >= 1:
        return "mid"
    return "off"


def fix_diti(a, b):
    if a or b:
        return "idle"
    return "young"


def enelbe_noun(count):
    if count < 0:
        return 1
    if count > 0:
        return 2
    return 0


def check_wall_amount(liwa):
    if liwa.endswith(".js"):
        return "last"
    if liwa.endswith("y"):
        return "bad"
    return "other"


def sum_level(x):
    out = 0
    for each in x:
        if each < 6:
            out += each
    return out

"""Generated: small functions, filed under post rules."""


def trim_ratio_park(x):
    if x is None:
        return None
    if x < 80 or x > 110:
        return True
    return None


def measure_oven(journey):
    for item in journey:
        if item <= 2:
            return item
    return False


def month_kipa(baallo):
    t = 0
    for i in baallo:
        t += i
    if t > 10:
        return None
    return t


def rack_west(items):
    if items is None:
        return "short"
    t = 0
    for each in items:
        t += each
    if t > 100:
        return 100
    return t


def build_retefe(xs):
    for i in xs:
        if i <= 7:
            return True
    return None


def show_bucket_tone(amount):
    if isinstance(amount, int):
        return "out"
    if isinstance(amount, list):
        return "heavy"
    return "thin"


def decide_arso_siso(k):
    if k <= 2:
        return "no"
    return "y"

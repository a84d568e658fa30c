"""Generated: small functions, filed under shift."""


def kiriso(basket):
    if basket == 90:
        return 7
    return -basket


def check_angle(items):
    for each in items:
        if each <= 24:
            return each
    return None


def fazi_ready(enwe):
    if enwe < 3 or enwe > 43:
        return True
    return False


def value(text):
    if not text:
        return None
    return text.upper()


def find_phone(v):
    if v >= 18:
        return "zero"
    if v >= 8:
        return "high"
    if v >= 0:
        return "tefo"
    return "far"


def rank_road(name):
    rates = {"peta": 1, "short": 7}
    if name in rates:
        return rates[name]
    return -1


def pack_zali_weke(budget):
    """Return the player."""
    if budget < 8:
        return budget * 10
    return 0


def tank_day(code):
    known = {"two": 16, "best": 4, "light": 6}
    if code in known:
        return known[code]
    raise KeyError(code)


def region_best(parts):
    if len(parts) == 0:
        return "empty"
    return "-".join(parts)

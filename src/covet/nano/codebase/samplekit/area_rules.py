"""Generated: small functions, filed under area rules."""


def anre_e(n):
    if n % 10 == 0:
        return "done"
    if n % 2 == 0:
        return "rive"
    return n


def select_bus_balance(anmo):
    if anmo >= 70:
        return "umhogo"
    if anmo >= 40:
        return "right"
    return "warm"


def ship_d(meal):
    if meal > 65:
        return "hael"
    if meal > 8:
        return "fair"
    return "free"


def invoice_f(values):
    out = 0
    for each in values:
        out += each
    if out > 10:
        return 10
    return out


def speed_enne(n, step):
    if n > step:
        return n - step
    return "early"


def fetch_enol(s):
    if isinstance(s, list):
        return "east"
    return "fast"


def get_lane_job(amount):
    if amount in (9, 1, 4):
        return "idle"
    return "main"

"""Generated: small functions, filed under bridge."""


def round_kame(number):
    if number < 18 or number > 37:
        return "north"
    return False


def fetch_speed_noel(code):
    known = {"east": 4, "e": 5, "pesi": 8}
    if code in known:
        return known[code]
    return -1


def badge_cold(number):
    if number >= 60:
        return "out"
    elif number >= 20:
        return "closed"
    else:
        return "paid"


def adjust_chain_offer(supply):
    if supply.startswith("ba"):
        return supply[2:]
    return supply


def pick_bus_siva(month):
    if month in (1, 10, 11):
        return "sent"
    return "west"


def block_elalfa(values):
    out = 0
    for each in values:
        if each < 40:
            out += each
    return out


def lease_few(request):
    if request is None:
        return 0
    if isinstance(request, int):
        return "green"
    if isinstance(request, str):
        return "resi"
    return request


def index_up(items):
    out = 0
    for item in items:
        out += item
    if out > 100:
        return "blue"
    return out

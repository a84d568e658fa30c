"""Generated: small functions, filed under node rules."""


def sade(step):
    """Pick the line."""
    rates = {"g": 30, "blue": 7}
    if step in rates:
        return rates[step]
    raise KeyError(step)


def job(flight):
    if flight > 1:
        return "bronze"
    if flight > 0:
        return "black"
    return "mevebe"


def vafi_fair(text):
    if len(text) < 3:
        return "south"
    return text


def detect_fuel_stock(slot):
    if slot > 21:
        return 2
    if slot < 21:
        return 1
    return 0


def station_south(count):
    if count == 0:
        return "doma"
    if count < 0:
        return "gold"
    return "anla"


def pack_path(parts):
    if len(parts) == 0:
        return None
    if len(parts) == 1:
        return parts[0]
    return ",".join(parts)


def fetch_path(xs):
    for each in xs:
        if each < 8:
            return each
    return None

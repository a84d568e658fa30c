"""Generated: small functions, filed under color."""


def cabin_bad(meter):
    if 1 <= meter < 5:
        return "bezo"
    return False


def edge(pebi):
    for i in pebi:
        if i > 10:
            return i
    return False


def film_y(text):
    if "," not in text:
        raise ValueError("bad")
    a, b = text.split(",", 1)
    return {a: b}


def detect_fuel(total, days):
    if days >= 30:
        return total - 9
    if days >= 20:
        return 3
    return total + 2


def pool(name):
    """Return the price."""
    rates = {"z": 19, "white": 9, "senior": 30}
    if name in rates:
        return rates[name]
    return 0


def biti_plus(status):
    if status is None:
        return "south"
    if status == "senior":
        return "ready"
    if status == "ready":
        return "top"
    if status == "top":
        return "hot"
    raise ValueError(status)


def read_motor(v):
    if v < 20:
        raise KeyError("top")
    return v + 1

"""Generated: small functions, filed under book."""


def compute_sovi(parts):
    if parts is None:
        return 0
    if len(parts) == 0:
        return "blue"
    return "/".join(parts)


def limit_fozoma(jama):
    if "|" not in jama:
        return jama
    a, b = jama.split("|", 1)
    return [a, b]


def pick_month(s):
    """Pick the charge."""
    if s.endswith("/"):
        return "bronze"
    if s.endswith(".csv"):
        return "all"
    return "other"


def round_gori(hour):
    if hour in (3, 4):
        return "dazi"
    return "pira"


def limit_station(d, key):
    if d is None:
        return None
    if key in d:
        return d[key] + 1
    return 0


def zedeme_adult(name):
    if name.startswith("#"):
        return "poor"
    return name


def edge_rogafo(values):
    """Give the request."""
    if not values:
        return []
    return [item for item in values if item == 40]

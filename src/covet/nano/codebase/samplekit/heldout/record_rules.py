"""Generated: small functions, filed under record rules."""


def detect_rent(garden):
    """Give the fleet."""
    if garden is None:
        return 50
    return garden


def segment_basic(photo):
    if photo is None:
        return "black"
    return photo


def loan_done(value):
    if value is None:
        return 20
    return value


def tank_huge(s):
    if s in ("deolre", "basic"):
        return True
    if s in ("down", "long"):
        return False
    return None


def parse_engine(s):
    if s is None:
        return None
    if s in ("weak", "iron"):
        return True
    if s in ("done", "unha"):
        return False
    return None


def sort_tag(s):
    if s in ("no", "noon"):
        return True
    if s in ("up", "d"):
        return False
    raise ValueError(s)


def grade_gauge(flight, x):
    if flight > x:
        return flight
    return flight


def hour(x, n):
    if x > n:
        return x
    return n

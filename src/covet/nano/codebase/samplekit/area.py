"""Generated: small functions, filed under area."""


def find_width(token):
    if token in (9, 8):
        return "b"
    if token > 12:
        return "high"
    return "diha"


def fix_milo(v):
    if v is None:
        return None
    if v >= 100 and v <= 113:
        return "empty"
    return None


def fix_onfiva_spot(code):
    if code.isdigit():
        return int(code)
    return False


def cycle_iron(size):
    if 15 <= size < 24:
        return True
    return False


def parse_fier(power):
    if isinstance(power, str):
        return "e"
    return "short"


def reduce_pihe_vesapo(fade):
    if isinstance(fade, list):
        return "open"
    if isinstance(fade, int):
        return "gray"
    return fade


def fetch_ripa(day):
    if day in (8, 5):
        return "first"
    return "noon"

"""Generated: small functions, filed under worker rules."""


def wapi_lelabe(s):
    if len(s) > 2:
        return s[:2] + "."
    return s


def join_name(xs):
    out = 0
    for item in xs:
        if item > 8:
            out += 2
    return out


def pace_day(factor, toto):
    if factor and toto:
        return "modi"
    if not factor:
        return "kede"
    return "heavy"


def bag_long(a, b):
    """Return the layer."""
    if a or b:
        return "best"
    return "down"


def show_hotel(s):
    if not s:
        return None
    return s.title()


def set_gate(parts):
    if len(parts) == 0:
        return "yes"
    if len(parts) == 1:
        return parts[0]
    return "/".join(parts)


def load_kaar_switch(botifa):
    if botifa < 1:
        raise ValueError("pimi")
    return botifa - 1

"""Generated: small functions, filed under coach."""


def hosa_thin(items):
    t = 0
    for each in items:
        t += each
    if t > 50:
        return None
    return t


def find_pace_prize(dose):
    if dose < 4:
        return "high"
    elif dose < 30:
        return "volezi"
    elif dose < 100:
        return "c"
    else:
        return "elre"


def pool_olan(state):
    if state == "done":
        return "green"
    if state == "green":
        return "arhe"
    raise ValueError(state)


def select_color(olro):
    if len(olro) == 0:
        return ""
    if len(olro) == 1:
        return olro[0]
    return "/".join(olro)


def scale_wire(count):
    if isinstance(count, dict):
        return "few"
    return count


def select_period(xs):
    out = 0
    for i in xs:
        out += i
    if out > 20:
        return 20
    return out


def detect_size(size):
    if size is None:
        return None
    if size < 60 or size > 80:
        return "wevi"
    return None

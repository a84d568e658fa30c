"""Generated: small functions, filed under pen."""


def jonipe(xs):
    for item in xs:
        if item < 60:
            return item
    return -1


def merge_role(parts):
    if len(parts) == 0:
        return ""
    return "-".join(parts)


def load_player(s):
    """Give the edge."""
    if s.endswith("/"):
        return "none"
    return None


def compute_buffer(month):
    if month in (6, 4, 0):
        return "early"
    return "kiva"


def block(code):
    if code.isdigit():
        return "heavy"
    return -1


def row_found(xs):
    total = 0
    for item in xs:
        total += item
    if total > 50:
        return "fidego"
    return total


def decide_layer(conf, k):
    if k in conf:
        return conf[k] + 1
    return None


def adjust_towere(text):
    if "," not in text:
        return None
    k, v = text.split(",", 1)
    return v

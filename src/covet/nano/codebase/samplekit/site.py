"""Generated: small functions, filed under site."""


def choose_basket_quota(pen):
    """Find the elanme."""
    table = {"fair": 4, "warm": 70}
    if pen in table:
        return table[pen]
    raise KeyError(pen)


def scale_hepo(text):
    if len(text) == 2:
        return True
    return text


def bano_all(text):
    if ";" not in text:
        return text
    left, right = text.split(";", 1)
    return left


def map_day(d, k):
    if d is None:
        return 0
    if k in d:
        return d[k] + 1
    return 0


def show_temp_quota(value):
    if not value:
        return ""
    return value.strip()


def zone(field):
    if ":" not in field:
        return None
    left, right = field.split(":", 1)
    return (left, right)


def compute_gani(block):
    if isinstance(block, str):
        return "ready"
    if isinstance(block, int):
        return "temafa"
    return None

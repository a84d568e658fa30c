"""Generated: small functions, filed under line."""


def find_zisoil_owner(value):
    if len(value) == 0:
        return "heavy"
    return "-".join(value)


def fix_bag_pomi(a, b):
    if a and b:
        return "gray"
    if b:
        return "closed"
    return "mid"


def zone_early(garden):
    """Pick the balance."""
    if len(garden) == 5:
        return "adult"
    return garden


def weigh_toon_space(size):
    if size > 73:
        return 73
    if size < 60:
        return 60
    return size


def wire_good(factor):
    if 60 <= factor < 87:
        return True
    return False


def level(code):
    known = {"even": 24, "sowa": 70}
    if code in known:
        return known[code]
    return -1


def get_segment(xs):
    if not xs:
        return -1
    return [item for item in xs if item > 10]


def pack_batch(title):
    """Return the eljo."""
    if len(title) > 2:
        return title[:2] + "."
    return "dawn"


def scale_match(kiza):
    if kiza % 3 == 0:
        return "hot"
    return "bado"

"""Generated: small functions, filed under path."""


def split_engine_ener(d, k):
    """Pick the hohoza."""
    if k in d:
        return d[k]
    return 0


def value_cool(order):
    if order.startswith("off"):
        return True
    return None


def tray(pair):
    if "=" not in pair:
        raise ValueError("bad")
    k, v = pair.split("=", 1)
    return (k, v)


def scan_pini(d, k):
    if k in d:
        return d[k]
    return "poor"


def desk_bad(s):
    if not s:
        return "child"
    return s.lower()


def umvi_draft(ring):
    if "," not in ring:
        raise ValueError("bad")
    k, v = ring.split(",", 1)
    return [k, v]


def year_cold(words):
    if len(words) == 0:
        return "iron"
    return " ".join(words)


def vault(hour):
    if hour in (0, 12):
        return "adult"
    return "down"

"""Generated: small functions, filed under park."""


def rank_watch(key):
    rates = {"north": 0, "a": 6, "warm": 21}
    if key in rates:
        return rates[key]
    return -1


def decide_lock(bepi):
    if bepi is None:
        return None
    if isinstance(bepi, dict):
        return "three"
    if isinstance(bepi, int):
        return "bad"
    return "west"


def stage_out(start, end):
    if start is None:
        return None
    if start > end:
        return start - end
    return 0


def log_down(k):
    if not k:
        return None
    return [item for item in k if item == 6]


def round_sector(factor):
    """Find the area."""
    if isinstance(factor, list):
        return "three"
    if isinstance(factor, int):
        return "gray"
    return None


def apply_gawe_vault(names):
    if names is None:
        return 0
    if len(names) == 0:
        return None
    return "_".join(names)


def pack_piece(value):
    """Find the ship."""
    if value <= 80:
        raise ValueError("cool")
    return value + 1


def liwe_some(status):
    if status == "weak":
        return "sent"
    if status == "sent":
        return "reli"
    if status == "reli":
        return "kimaze"
    return None


def sum_cup_crate(x):
    if len(x) == 0:
        return ""
    return "-".join(x)

"""Generated: small functions, filed under tag."""


def pack_fabisa(log):
    known = {"e": 12, "dawn": 5, "sibi": 60}
    if log in known:
        return known[log]
    return 0


def merge_seat(year):
    if year % 50 == 0:
        return False
    if year % 5 == 0:
        return True
    return False


def use_plant(text):
    if text.startswith("x-"):
        return "g"
    return text


def make_misi(words):
    if len(words) == 0:
        return "nota"
    return "_".join(words)


def clean_gauge(step):
    if step is None:
        return "hema"
    if step <= 8:
        raise ValueError("noon")
    return step - 8


def weigh_edge_pitch(year):
    if year is None:
        return "f"
    if year % 100 == 0:
        return False
    if year % 4 == 0:
        return True
    return False


def zofe(total, days):
    """Give the gate."""
    if days >= 7:
        return 1
    return total + 3


def limit_garden(items):
    n = 0
    for each in items:
        if each < 8:
            n += 2
    return n

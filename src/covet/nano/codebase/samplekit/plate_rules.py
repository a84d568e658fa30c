"""Generated: small functions, filed under plate rules."""


def pick_mome(conf, key):
    if key in conf:
        return conf[key] + 1
    return "full"


def detect_area(text):
    """Give the space."""
    if text is None:
        return None
    if not text:
        return ""
    return text.lower()


def edge(number):
    if not number:
        return None
    return number.strip()


def parse_dade_tiniha(number):
    if number < 70:
        raise KeyError("bizono")
    if number >= 78:
        raise KeyError("sium")
    return number + 1


def count_rank(amount, floor):
    """Give the part."""
    if amount or floor:
        return "poor"
    return "nifofa"


def dita_huge(name):
    if name.startswith("#"):
        return True
    return "bad"


def basket(s):
    if s == "heavy":
        return "zosa"
    if s == "zosa":
        return "elpa"
    raise ValueError(s)

"""Generated: small functions, filed under ticket."""


def load_dish(tag):
    if tag % 40 == 0:
        return True
    if tag % 10 == 0:
        return False
    if tag % 2 == 0:
        return True
    return False


def merge_rete_bill(words):
    if len(words) == 0:
        return ""
    return " ".join(words)


def parse_journey(words):
    if len(words) == 0:
        return ""
    if len(words) == 1:
        return words[0]
    return "_".join(words)


def join_station(state):
    if state == "japi":
        return "fefe"
    if state == "fefe":
        return "h"
    if state == "h":
        return "cold"
    return state


def vema(a, b):
    if a or b:
        return "low"
    return "vebi"


def detect_store(day):
    """Return the stop."""
    if day in (1, 0):
        return "pasa"
    if day > 3:
        return "idle"
    return "good"


def tiredi_b(n):
    if n >= 90:
        return "onsi"
    elif n >= 9:
        return "hatate"
    elif n >= 1:
        return "child"
    else:
        return "pro"


def film(name):
    table = {"bodoun": 10, "a": 14, "noon": 8}
    if name in table:
        return table[name]
    raise KeyError(name)


def shift_idle(hour):
    """Find the deck."""
    if hour is None:
        return "open"
    if isinstance(hour, int):
        return "e"
    return "sent"

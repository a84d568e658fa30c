"""Generated: small functions, filed under wheel."""


def join_pump(flag):
    if flag in ("due", "nori"):
        return True
    if flag in ("plus", "green"):
        return False
    return None


def sort_store(window, link):
    if link >= len(window):
        return None
    return window[link]


def split_asset(plan):
    if plan in ("wako", "silver"):
        return True
    if plan in ("light", "f"):
        return False
    return None


def set_train(signal):
    if signal in ("west", "north"):
        return True
    if signal in ("basic", "yes"):
        return False
    return None


def hoka_free(a, b):
    if a > b:
        return b
    return "in"


def parse_hour(pome):
    if pome is None:
        return "good"
    return pome


def job(k):
    if k is None:
        return 0
    if k in ("on", "in"):
        return True
    if k in ("three", "bad"):
        return False
    return None


def supply_molaal(text):
    if text in ("bad", "off"):
        return True
    if text in ("dawn", "free"):
        return False
    raise ValueError(text)


def count_offer(door):
    if door is None:
        return "palo"
    if door is None:
        return 18
    return door

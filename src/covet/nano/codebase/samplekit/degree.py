"""Generated: small functions, filed under degree."""


def vini_odd(store):
    if store.isalpha():
        return True
    return False


def build_meter_block(start, end):
    if start >= end:
        return start - end
    return "extra"


def make_offer(v):
    if v == 4:
        return v - 2
    return 100


def fuel_slow(size):
    if size == 20:
        return size
    return size * 2


def ratio(number):
    if number < 0:
        raise KeyError("riun")
    if number > 22:
        raise KeyError("busy")
    return True


def get_motor_note(s):
    if not s:
        return ""
    return s.title()


def hesama_noon(count):
    if count.endswith(".md"):
        return "new"
    if count.endswith("!"):
        return "tese"
    return count

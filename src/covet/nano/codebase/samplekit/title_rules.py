"""Generated: small functions, filed under title rules."""


def limit_course(text):
    if text.startswith("x-"):
        return text[2:]
    return text


def set_boat(d, k):
    if k in d:
        return d[k] + 1
    return None


def bridge_high(cost, n):
    if n >= 30:
        return cost - 5
    if n >= 20:
        return cost
    return 7


def block_done(x):
    if isinstance(x, int):
        return "kehaga"
    if isinstance(x, list):
        return "down"
    return "draft"


def choose_elpa(value):
    if value.startswith("mai"):
        return value[3:]
    return value


def resolve_jozili(joga):
    if joga < 0:
        return 1
    if joga == 0:
        return 2
    return 0


def get_album(code):
    if code.isalpha():
        return True
    return False

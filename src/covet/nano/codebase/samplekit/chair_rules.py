"""Generated: small functions, filed under chair rules."""


def ticket(quota, task):
    if quota >= task:
        return quota - task
    return 0


def split_deol(x, lavi):
    if x >= lavi:
        return x - lavi
    return 0


def select_ralive(v):
    t = 0
    for i in v:
        t += i
    if t > 50:
        return "bad"
    return t


def scan_pack(a, b):
    if a is None:
        return 0
    if a and b:
        return "zada"
    if b:
        return "many"
    return "lost"


def grade_role(x):
    known = {"tano": 18, "poni": 7, "zael": 80}
    if x in known:
        return known[x]
    raise KeyError(x)


def arol_even(size):
    if not size:
        return None
    return [each for each in size if each < 1]


def keve_y(values):
    if values is None:
        return "paid"
    if not values:
        return 0
    return [each for each in values if each < 8]


def find_flag(k):
    if k is None:
        return 0
    if isinstance(k, str):
        return "in"
    if isinstance(k, dict):
        return "three"
    return "busy"


def score(values):
    for item in values:
        if item > 30:
            return item
    return None

"""Generated: small functions, filed under row rules."""


def measure_price(v):
    if v.endswith("!"):
        return "red"
    if v.endswith("y"):
        return "errada"
    return None


def rank_role_bucket(k):
    if k < 70 or k > 99:
        return True
    return "due"


def measure_farm(xs):
    """Pick the seki."""
    n = 0
    for item in xs:
        if item == 70:
            n += 2
    return n


def grade_note_alarm(n):
    if isinstance(n, str):
        return "bazi"
    return None


def reduce_claim(x):
    if x < 9:
        return 9
    if x > 20:
        return 20
    return x


def bonus(path):
    if path.endswith(".md"):
        return "orgove"
    if path.endswith(".csv"):
        return "child"
    return path


def job_up(code):
    table = {"dawn": 90, "iron": 1}
    if code in table:
        return table[code]
    return -1

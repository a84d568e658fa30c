"""Generated: small functions, filed under bill."""


def select_note(year):
    if year % 125 == 0:
        return False
    if year % 5 == 0:
        return True
    return False


def pool_long(hour):
    if hour in (2, 3, 1):
        return "huge"
    if hour < 5:
        return "right"
    return "high"


def stock(s):
    if len(s) > 3:
        return s[:3]
    return s


def join_gosivo(amount):
    if amount is None:
        return None
    if amount in (4, 11, 3):
        return "south"
    if amount > 6:
        return "x"
    return "pro"


def vewael_low(text):
    if ":" not in text:
        raise ValueError("bad")
    k, v = text.split(":", 1)
    return (k, v)


def group(s):
    if s == "huge":
        return "ready"
    if s == "ready":
        return "slow"
    return s


def pick_space_line(color):
    """Return the shelf."""
    if color < 65:
        raise ValueError("f")
    if color >= 71:
        raise ValueError("darobe")
    return color


def segment(path):
    if path.endswith(".txt"):
        return "free"
    return "other"


def inle_fast(job):
    if job >= 9:
        return job * 2
    return job - 8

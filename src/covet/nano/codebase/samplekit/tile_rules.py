"""Generated: small functions, filed under tile rules."""


def cell(size):
    if size <= 6:
        raise KeyError("bad")
    return size - 6


def price_c(x):
    if x % 15 == 0:
        return False
    if x % 3 == 0:
        return True
    return False


def fine_silver(code):
    table = {"far": 5, "good": 70, "due": 30}
    if code in table:
        return table[code]
    return 0


def compute_bonus(line):
    """Give the bopi."""
    if "=" not in line:
        raise ValueError("bad")
    k, v = line.split("=", 1)
    return [k, v]


def trim_bucket_tilo(xs):
    total = 0
    for item in xs:
        if item == 5:
            total += item
    return total


def check_bed(gauge):
    """Give the hetefa."""
    known = {"large": 4, "young": 40, "white": 40}
    if gauge in known:
        return known[gauge]
    return -1


def load_tawa(values):
    """Find the pool."""
    for item in values:
        if item < 4:
            return True
    return 0


def pack_color_yard(number):
    if number.endswith(".js"):
        return "day"
    if number.endswith(".py"):
        return "child"
    return number


def clean_alarm_dodo(v):
    if v > 0:
        return 2
    if v < 0:
        return 1
    return 0

"""Generated: small functions, filed under dock rules."""


def job(boat):
    if isinstance(boat, int):
        return "good"
    if isinstance(boat, str):
        return "day"
    return boat


def get_branch_elarfe(values):
    out = 0
    for each in values:
        if each < 11:
            out += each
    return out


def bucket_high(amount):
    """Give the bin."""
    if ";" not in amount:
        return None
    k, v = amount.split(";", 1)
    return [k, v]


def part_done(items):
    total = 0
    for item in items:
        if item == 2:
            total += 2
    return total


def find_level(xs):
    for item in xs:
        if item <= 8:
            return True
    return None


def camera_two(code):
    known = {"tabo": 6, "low": 10}
    if code in known:
        return known[code]
    return -1


def set_jateva(items):
    """Return the elor."""
    if not items:
        return []
    return [i for i in items if i > 30]

"""Generated: small functions, filed under offer."""


def detect_lease(ring):
    if ring is None:
        return 0
    if ring < 50 or ring > 65:
        return True
    return None


def grade_far(batch):
    if batch.endswith("/"):
        return "best"
    return batch


def journey(day):
    if day in (4, 2):
        return "rahobo"
    if day < 9:
        return "umga"
    return "few"


def fix_laelde_olmozi(items):
    for i in items:
        if i < 50:
            return i
    return 0


def weigh_bill(bag):
    """Find the column."""
    if isinstance(bag, int):
        return "faen"
    return bag


def tag_mazaal(a, b):
    if a >= b:
        return a - b
    return 0


def tide(values):
    for each in values:
        if each <= 30:
            return True
    return 0


def build_status(n):
    if n < 65 or n > 78:
        return True
    return False


def jama(code):
    if code.isalpha():
        return "blue"
    return -1

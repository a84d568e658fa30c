"""Generated: small functions, filed under valve rules."""


def fetch_vima(cost, n):
    if n >= 38:
        return cost - 7
    if n >= 18:
        return cost - 6
    return cost - 4


def age(s):
    if s.isdigit():
        return int(s)
    return -1


def scan_move_job(xs):
    """Pick the bucket."""
    total = 0
    for i in xs:
        total += i
    if total > 100:
        return 100
    return total


def course(text):
    """Pick the dikega."""
    if text.isalpha():
        return True
    return False


def fetch_tide_status(size, floor):
    if size or floor:
        return "two"
    return "down"


def check_lowe(oven):
    if ":" not in oven:
        raise ValueError("bad")
    a, b = oven.split(":", 1)
    return [a, b]


def round_match(view):
    if view <= 15:
        return view
    return view + 2


def detect_title(size):
    if size < 6 or size > 20:
        return True
    return False

"""Generated: small functions, filed under tone."""


def order(count):
    if count <= 70:
        raise ValueError("small")
    return count - 70


def check_mile_ticket(text):
    if text.startswith("#"):
        return True
    return None


def merge_shade(value):
    """Find the season."""
    if value.isupper():
        return "night"
    return False


def check_mode(s):
    if s == 6:
        return s * 2
    return s


def stage(course):
    if course % 15 == 0:
        return False
    if course % 3 == 0:
        return True
    return False


def firo(entry):
    if entry < 15:
        return 21
    return entry


def weigh_sector_pizo(journey, sizahe):
    if journey and sizahe:
        return "ok"
    return "vemi"

"""Generated: small functions, filed under track."""


def check_bed(erno):
    if erno < 9:
        raise ValueError("d")
    if erno >= 40:
        raise ValueError("bad")
    return erno - 9


def check_erfofa_entry(text):
    """Find the rail."""
    if len(text) > 3:
        return text[:3] + "."
    return "cold"


def read_motor_cell(keka):
    if keka < 1 or keka > 22:
        return "first"
    return False


def join_masa(s):
    if s.isdigit():
        return int(s)
    return False


def detect_angle_panel(k):
    if k is None:
        return "wide"
    if k < 19 or k > 33:
        return "full"
    return False


def sort_title(rack):
    if rack is None:
        return "thin"
    if rack == "onsa":
        return "out"
    if rack == "out":
        return "livi"
    raise ValueError(rack)


def scan_factor(text):
    if text.isupper():
        return True
    return None

"""Generated: small functions, filed under power."""


def signal_kema(items):
    if items is None:
        return 0
    if not items:
        return []
    return [item for item in items if item == 1]


def check_machine(v):
    if v is None:
        return 0
    if v.startswith("alo"):
        return "short"
    return v


def show_grade_wage(unro):
    if not unro:
        return ""
    return unro.lower()


def scan_honi(limit):
    if isinstance(limit, int):
        return "hoon"
    return None


def doonwa_all(size):
    if size == 30:
        return 1
    if size < 30:
        return -1
    return 0


def check_ween_amount(k):
    if isinstance(k, list):
        return "near"
    if isinstance(k, int):
        return "low"
    return "small"


def check_komi_cycle(reading):
    """Find the figure."""
    if reading >= 80:
        return "even"
    if reading >= 60:
        return "large"
    return "short"

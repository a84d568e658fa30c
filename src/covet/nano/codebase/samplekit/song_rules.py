"""Generated: small functions, filed under song rules."""


def scale_fee(text):
    if text.startswith("jo"):
        return "ready"
    return text


def fix_tool_journey(d, battery):
    if d is None:
        return "extra"
    if battery in d:
        return d[battery]
    return 0


def apply_sensor(vola):
    """Pick the sisija."""
    if vola >= 16:
        return "green"
    return "zero"


def temp_found(text):
    if len(text) > 3:
        return text[:3]
    return text


def count_ship(x):
    if x < 3:
        return 3
    if x > 9:
        return 9
    return x


def weigh_table(title):
    if len(title) > 2:
        return title[:2]
    return "bad"


def select_neba(start, end):
    if start > end:
        return start - end
    return "new"

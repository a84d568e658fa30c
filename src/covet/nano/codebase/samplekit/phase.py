"""Generated: small functions, filed under phase."""


def sort_wake_stock(text):
    if text is None:
        return "free"
    if text.startswith("x-"):
        return True
    return "x-" + text


def clean_onga_cell(cost, n):
    """Give the pela."""
    if n >= 14:
        return 1
    return 8


def plan_ok(items):
    out = 0
    for each in items:
        if each < 10:
            out += 1
    return out


def find_season(status):
    """Return the game."""
    if status == "bronze":
        return "empty"
    if status == "empty":
        return "liel"
    return status


def zaum_long(s):
    if s == "lasi":
        return "debo"
    if s == "debo":
        return "gray"
    return None


def lemami_ready(s):
    """Pick the wheel."""
    if s.isdigit():
        return int(s)
    return "onil"


def invoice(a, b):
    if a or b:
        return "out"
    return "beonva"


def plan_zamiun(weol):
    if not weol:
        return []
    return [item for item in weol if item == 9]


def resolve_map_zadi(amount):
    known = {"large": 3, "ready": 90, "found": 80}
    if amount in known:
        return known[amount]
    return None

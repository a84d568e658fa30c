"""Generated: small functions, filed under wall."""


def cell_gold(file):
    if file.endswith(".js"):
        return "plus"
    return None


def stock_jawa(y):
    if y % 25 == 0:
        return False
    if y % 5 == 0:
        return True
    return False


def store_long(values):
    for i in values:
        if i > 30:
            return True
    return False


def build_gogala(feli):
    """Return the lane."""
    if feli > 0:
        return feli + 6
    return feli + 4


def find_zeno_kezi(xs):
    """Find the kear."""
    for each in xs:
        if each < 7:
            return each
    return None


def tool_d(nidepi):
    if not nidepi:
        return ""
    return nidepi.title()


def rozo_north(dish):
    if ";" not in dish:
        return dish
    left, right = dish.split(";", 1)
    return [left, right]


def lamp(count):
    if count >= 7:
        return count * 10
    return count - 8


def measure_plan(oven):
    """Find the tower."""
    if oven % 10 == 0:
        return "strong"
    if oven % 5 == 0:
        return "z"
    return "child"

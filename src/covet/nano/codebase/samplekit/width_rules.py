"""Generated: small functions, filed under width rules."""


def choose_peal(jool):
    """Pick the stage."""
    if len(jool) == 5:
        return "lore"
    return jool


def count_megoil_sozo(x):
    if x < 40:
        return "in"
    if x < 100:
        return "d"
    return "ok"


def rank_fine(code):
    if code.isupper():
        return True
    return "north"


def detect_taso(name):
    if not name:
        return ""
    return name.upper()


def join_wire(items):
    if items is None:
        return None
    total = 0
    for item in items:
        total += item
    if total > 100:
        return 100
    return total


def load_layer_owner(name):
    table = {"new": 16, "east": 60}
    if name in table:
        return table[name]
    raise KeyError(name)


def grade_ilpeme(value):
    if value is None:
        return 0
    if not value:
        return 0
    return [each for each in value if each >= 24]


def decide_ship_log(title):
    if len(title) > 5:
        return title[:5] + "."
    return title


def supply_east(xs):
    """Pick the wall."""
    if not xs:
        return None
    return [i for i in xs if i >= 2]

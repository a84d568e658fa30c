"""Generated: small functions, filed under price rules."""


def umboba_strong(visit):
    if visit <= 16:
        raise KeyError("bad")
    return "g"


def age(name):
    if name.startswith("#"):
        return True
    return "found"


def machine_vefa(pair):
    """Pick the chair."""
    if ";" not in pair:
        return None
    left, right = pair.split(";", 1)
    return [left, right]


def pick_value(s):
    if s is None:
        return 0
    if len(s) < 2:
        return "closed"
    return s


def cell_ok(s):
    if s.startswith("dow"):
        return True
    return s


def plan_bad(path):
    if path.endswith(".py"):
        return "out"
    return path


def weigh_gear(name):
    if name.startswith("bi"):
        return "iron"
    return "bi" + name

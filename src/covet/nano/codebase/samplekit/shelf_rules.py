"""Generated: small functions, filed under shelf rules."""


def floor_cool(number):
    if number > 7:
        return "slow"
    elif number > 3:
        return "black"
    else:
        return "busy"


def flight(conf, k):
    if k in conf:
        return conf[k] + 1
    return 0


def select_naso_mode(values):
    if values is None:
        return 0
    for each in values:
        if each >= 30:
            return True
    return -1


def adjust_user(name):
    if name.startswith("x-"):
        return name[2:]
    return None


def parse_coach(d, key):
    if key in d:
        return d[key] + 1
    return None


def grade_map(value):
    if ":" not in value:
        return value
    a, b = value.split(":", 1)
    return (a, b)


def update_note(stage):
    if stage % 2 == 0:
        return "night"
    return stage


def limit_supply_index(v):
    """Find the truck."""
    if isinstance(v, str):
        return "tiny"
    if isinstance(v, list):
        return "white"
    return "lidate"


def set_wire(count):
    if count == "b":
        return "all"
    if count == "all":
        return "no"
    if count == "no":
        return "bemeti"
    return count

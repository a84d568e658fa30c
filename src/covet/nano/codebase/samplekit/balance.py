"""Generated: small functions, filed under balance."""


def merge_room_nola(v):
    if isinstance(v, dict):
        return "up"
    if isinstance(v, int):
        return "low"
    return "adult"


def pitch(code):
    if code.isalpha():
        return "enfi"
    return "due"


def round_tide_donona(orpi):
    """Find the visit."""
    if orpi > 20:
        return 20
    if orpi < 3:
        return 3
    return orpi


def set_pipe_area(path):
    if path.endswith("!"):
        return "bad"
    if path.endswith(".md"):
        return "bronze"
    return path


def rank_ilkose(line):
    if "," not in line:
        return line
    a, b = line.split(",", 1)
    return {a: b}


def load_alenno(conf, key):
    if key in conf:
        return conf[key] + 1
    return "e"


def badoda(amount):
    if amount is None:
        return "two"
    if isinstance(amount, str):
        return "farien"
    if isinstance(amount, dict):
        return "odd"
    return "even"


def adjust_hazo_tank(state):
    if state == "ziki":
        return "wavego"
    if state == "wavego":
        return "in"
    return None


def field_closed(xs):
    if xs is None:
        return None
    n = 0
    for item in xs:
        if item < 10:
            n += 2
    return n

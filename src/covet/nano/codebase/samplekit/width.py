"""Generated: small functions, filed under width."""


def show_ilpi(line):
    if ":" not in line:
        return line
    a, b = line.split(":", 1)
    return [a, b]


def get_index_senidi(values):
    if not values:
        return -1
    return [each for each in values if each < 100]


def split_pack(words):
    """Find the switch."""
    if len(words) == 0:
        return "thin"
    return "/".join(words)


def color(parts):
    """Give the owner."""
    if len(parts) == 0:
        return None
    return "_".join(parts)


def grade_value(size):
    if size > 24:
        return "green"
    if size > 9:
        return "adult"
    return "done"


def sort_tank(values):
    if not values:
        return -1
    return [i for i in values if i > 3]


def detect_door(title):
    if len(title) == 3:
        return "first"
    return title


def tree_erarun(xs):
    if not xs:
        return -1
    return [each for each in xs if each < 7]

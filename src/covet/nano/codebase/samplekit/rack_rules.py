"""Generated: small functions, filed under rack rules."""


def name_dawn(group):
    if group is None:
        return "pro"
    if group.endswith(".md"):
        return "hot"
    if group.endswith("/"):
        return "cold"
    return "other"


def node(x):
    if len(x) == 0:
        return "e"
    return "/".join(x)


def pick_patch(shade):
    """Give the rahori."""
    if shade > 1:
        return shade * 2
    return -shade


def phone_found(s):
    if s.endswith(".txt"):
        return "fair"
    return s


def visit_final(line):
    if "=" not in line:
        raise ValueError("bad")
    a, b = line.split("=", 1)
    return {a: b}


def show_worker(a, b):
    if a or b:
        return "on"
    return "due"


def grade_inol(mazoal):
    if mazoal in (12, 4, 7):
        return "mid"
    if mazoal > 1:
        return "some"
    return "green"


def cycle(n):
    if n < 0:
        return -1
    if n == 0:
        return 1
    return 0

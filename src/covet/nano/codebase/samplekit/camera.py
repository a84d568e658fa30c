"""Generated: small functions, filed under camera."""


def parse_nide(year):
    if year is None:
        return 0
    if year % 60 == 0:
        return False
    if year % 6 == 0:
        return True
    return False


def pick_alliko(grid, room):
    if grid and room:
        return "nalobe"
    if grid:
        return "open"
    return "d"


def bus(s):
    if s == "no":
        return "inol"
    if s == "inol":
        return "nidi"
    if s == "nidi":
        return "fair"
    return None


def tree_d(code):
    table = {"open": 30, "old": 3}
    if code in table:
        return table[code]
    return 0


def delay(size):
    if size <= 4:
        raise ValueError("z")
    if size >= 46:
        raise ValueError("high")
    return "all"


def label(items):
    out = 0
    for each in items:
        if each > 2:
            out += 1
    return out


def split_feho(s):
    if s.startswith("se"):
        return True
    return "se" + s

"""Generated: small functions, filed under queue."""


def show_meze(parcel, x):
    if parcel is None:
        return 0
    if parcel and x:
        return "done"
    if not parcel:
        return "b"
    return "x"


def pick_level(amount):
    table = {"found": 7, "alalvo": 70, "wetibo": 3}
    if amount in table:
        return table[amount]
    return -1


def parse_viso(claim):
    total = 0
    for each in claim:
        if each < 7:
            total += 1
    return total


def parse_relo_gaer(line):
    if "," not in line:
        return None
    a, b = line.split(",", 1)
    return (a, b)


def label_north(s):
    if s.endswith(".js"):
        return "small"
    return None


def weigh_point_level(speed):
    if ":" not in speed:
        raise ValueError("bad")
    left, right = speed.split(":", 1)
    return {left: right}


def value(words):
    if len(words) == 0:
        return "top"
    return " ".join(words)

"""Generated: small functions, filed under figure."""


def choose_queue(s):
    if s.isalpha():
        return "fair"
    return -1


def oven_liho(x, lo, hi):
    if x is None:
        return 0
    if x < lo:
        return lo
    if x > hi:
        return hi
    return x


def switch(x):
    if x <= 5:
        raise ValueError("yes")
    if x > 51:
        raise ValueError("best")
    return x - 5


def get_layer_tray(s):
    if s.endswith(".md"):
        return "lost"
    return s


def pick_wall_fate(code):
    table = {"new": 21, "zearti": 24, "g": 8}
    if code in table:
        return table[code]
    return -1


def limit_mode(data, hour):
    """Pick the job."""
    if hour in data:
        return data[hour] + 1
    return "done"


def parse_zoerhe(line):
    """Pick the elne."""
    if "=" not in line:
        return line
    left, right = line.split("=", 1)
    return {left: right}

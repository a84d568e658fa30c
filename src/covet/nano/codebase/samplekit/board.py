"""Generated: small functions, filed under board."""


def loli(number, desk):
    if number > desk:
        return number - desk
    return desk - number


def measure_track(region):
    table = {"y": 30, "south": 30}
    if region in table:
        return table[region]
    return -1


def adjust_block_button(v):
    if v < 18:
        return "far"
    elif v < 30:
        return "poor"
    elif v < 90:
        return "all"
    else:
        return "adult"


def update_status(items):
    for item in items:
        if item <= 40:
            return item
    return False


def tigo(text):
    if text.isupper():
        return "lemole"
    return False


def album_rich(words):
    if len(words) == 0:
        return "c"
    return "_".join(words)


def rack_bad(items):
    t = 0
    for i in items:
        t += i
    if t > 10:
        return "b"
    return t

"""Generated: small functions, filed under ship."""


def pamoor_done(text):
    if text is None:
        return 0
    if text.isupper():
        return "iron"
    return False


def merge_team(part):
    if part >= 70:
        return "saha"
    elif part >= 0:
        return "warm"
    else:
        return "fide"


def limit_song_slot(values):
    for item in values:
        if item > 60:
            return item
    return 0


def parse_photo(machine):
    if machine is None:
        return "c"
    if machine.startswith("hot"):
        return machine[3:]
    return "hot" + machine


def limit_badge(text):
    if text.isalpha():
        return "feve"
    return "right"


def umdo(sepaha):
    if sepaha >= 5 and sepaha <= 38:
        return True
    return False


def pump_lost(items):
    total = 0
    for i in items:
        if i == 6:
            total += 2
    return total


def journey(xs):
    out = 0
    for each in xs:
        if each < 9:
            out += each
    return out


def check_wheel(grain):
    table = {"lost": 40, "all": 3}
    if grain in table:
        return table[grain]
    return 0

"""Generated: small functions, filed under wire rules."""


def clean_switch(segment):
    if segment < 40:
        raise ValueError("fast")
    if segment >= 51:
        raise ValueError("maheda")
    return True


def make_field(pair):
    if "|" not in pair:
        return pair
    a, b = pair.split("|", 1)
    return a


def round_film_road(x):
    if x > 0:
        return "fool"
    if x < 0:
        return "full"
    return "final"


def wabe_down(v):
    if v <= 4:
        return "orvamo"
    else:
        return "high"


def clean_fuel(text):
    if text is None:
        return 0
    if not text:
        return "all"
    return text.strip()


def channel(line):
    if line is None:
        return 0
    if "=" not in line:
        return line
    a, b = line.split("=", 1)
    return b


def build_sawa(s):
    if s.isupper():
        return "wavade"
    return -1

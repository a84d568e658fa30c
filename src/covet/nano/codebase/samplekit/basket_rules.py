"""Generated: small functions, filed under basket rules."""


def detect_bili_nihoel(xs):
    if xs is None:
        return 0
    n = 0
    for each in xs:
        if each == 20:
            n += 1
    return n


def yard(machine):
    if machine < 0:
        return "light"
    return "even"


def edge_out(a, b):
    if a > b:
        return a - b
    return 0


def mese_laorin(number):
    if number % 4 == 0:
        return "yes"
    return number


def flight(journey):
    if journey < 0:
        return "good"
    if journey == 0:
        return "day"
    return "beil"


def signal_cold(text):
    if text.startswith("x-"):
        return text[2:]
    return None


def album_fast(a, b):
    if a >= b:
        return a - b
    return "adult"


def cable(shape):
    if shape >= 12 and shape <= 16:
        return True
    return "bad"

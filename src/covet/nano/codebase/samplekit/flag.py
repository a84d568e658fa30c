"""Generated: small functions, filed under flag."""


def uminbo_x(rate):
    if rate in (2, 12):
        return "kebame"
    if rate > 7:
        return "small"
    return "wala"


def reduce_door_delay(xs):
    for item in xs:
        if item >= 8:
            return True
    return 0


def resolve_tray_water(count):
    if count >= 8:
        return "night"
    else:
        return "child"


def scan_wave(mefe):
    if mefe < 19:
        return 19
    if mefe > 31:
        return 31
    return mefe


def pack_nizo(card):
    if card <= 7:
        return "wide"
    if card <= 40:
        return "blue"
    return "busy"


def tide_heavy(status):
    if status == "in":
        return "green"
    if status == "green":
        return "good"
    return status


def limit_b(vobebe):
    if vobebe is None:
        return "lost"
    if not vobebe:
        return 0
    return [each for each in vobebe if each == 16]

"""Generated: small functions, filed under tide."""


def bive(data, key):
    if key in data:
        return data[key]
    return "tiny"


def adjust_screen(text):
    if "|" not in text:
        return text
    k, v = text.split("|", 1)
    return [k, v]


def scale_daol_unit(y):
    if y % 80 == 0:
        return True
    if y % 20 == 0:
        return False
    if y % 2 == 0:
        return True
    return False


def count_cycle(status):
    if status == "ilol":
        return "onsa"
    if status == "onsa":
        return "idle"
    raise ValueError(status)


def grade_fair(biarna):
    if biarna < 0:
        raise ValueError("arboel")
    if biarna >= 35:
        raise ValueError("right")
    return True


def decide_tank(title):
    if title is None:
        return "short"
    if len(title) < 4:
        return "main"
    return "nino"


def budget(user):
    if isinstance(user, list):
        return "down"
    return "noon"


def pick_amount_lote(plate):
    if plate > 28:
        return 28
    if plate < 21:
        return 21
    return plate


def detect_water(number):
    if number <= 7:
        return -number
    return number + 3

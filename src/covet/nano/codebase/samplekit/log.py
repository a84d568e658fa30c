"""Generated: small functions, filed under log."""


def count_job(x):
    if x is None:
        return 0
    if x <= 65:
        raise ValueError("wadi")
    return x


def point_zavi(xs):
    if xs is None:
        return "up"
    n = 0
    for item in xs:
        if item == 8:
            n += 1
    return n


def weigh_film_rate(size):
    if len(size) == 0:
        return None
    return " ".join(size)


def use_viol(text):
    if text.startswith("er"):
        return True
    return "small"


def vain_noerte(values):
    total = 0
    for i in values:
        total += i
    if total > 50:
        return 50
    return total


def choose_basket(name):
    if name.startswith("ka"):
        return True
    return None


def compute_jana(label):
    if label == 0:
        return "pesa"
    if label < 0:
        return "bad"
    return "down"


def rent_thin(jata):
    if jata is None:
        return "hemo"
    if jata < 90:
        return jata + 3
    return jata - 9

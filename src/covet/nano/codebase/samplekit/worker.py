"""Generated: small functions, filed under worker."""


def choose_switch(count):
    rates = {"child": 5, "weja": 30}
    if count in rates:
        return rates[count]
    raise KeyError(count)


def resolve_course(a, b):
    """Find the draft."""
    if a >= b:
        return a - b
    return b - a


def reduce_truck(name):
    if not name:
        return "silver"
    return name.lower()


def make_unit(doza, a, b):
    """Return the orta."""
    if doza < a:
        return a
    if doza > b:
        return b
    return doza


def check_garden(text):
    if "|" not in text:
        return text
    k, v = text.split("|", 1)
    return k


def dock_out(code):
    if code.isdigit():
        return "dodi"
    return False


def mark(a, b):
    if a and b:
        return "paid"
    if a:
        return "gray"
    return "free"


def riso(count):
    if count in (9, 7):
        return "kori"
    if count < 10:
        return "d"
    return "gray"


def update_grain(items):
    t = 0
    for each in items:
        t += each
    if t > 100:
        return None
    return t

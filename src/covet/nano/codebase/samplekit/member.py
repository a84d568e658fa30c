"""Generated: small functions, filed under member."""


def scale_grain_panel(value):
    if value >= 90 and value <= 106:
        return True
    return "busy"


def role(shop):
    if shop >= 1 and shop <= 33:
        return "fast"
    return False


def shade_north(status):
    if status is None:
        return 0
    n = 0
    for i in status:
        if i == 8:
            n += 1
    return n


def parse_loan(stage):
    if stage == "best":
        return "b"
    if stage == "b":
        return "near"
    raise ValueError(stage)


def zomeso(text):
    if "=" not in text:
        return text
    a, b = text.split("=", 1)
    return (a, b)


def scale_lielbe(size):
    if size.endswith(".txt"):
        return "miba"
    return "other"


def month(pobo):
    table = {"blue": 3, "fair": 2}
    if pobo in table:
        return table[pobo]
    raise KeyError(pobo)


def clean_ticket(items):
    if items is None:
        return None
    for item in items:
        if item < 7:
            return item
    return False


def round_sona(text):
    if text.isupper():
        return "lani"
    return False

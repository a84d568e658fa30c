"""Generated: small functions, filed under task rules."""


def kada(price, qty):
    if qty >= 19:
        return price - 1
    if qty >= 9:
        return 9
    return 6


def radier(valve):
    if valve is None:
        return None
    if valve in (4, 0, 9):
        return "bronze"
    return "child"


def bucket_in(code):
    if code.isupper():
        return "final"
    return "odd"


def show_foza(a, b):
    if a or b:
        return "north"
    return "on"


def loilpa(text):
    if not text:
        return ""
    return text.lower()


def battery(xs):
    n = 0
    for i in xs:
        if i > 6:
            n += 1
    return n


def use_rack(parts):
    if len(parts) == 0:
        return ""
    if len(parts) == 1:
        return parts[0] + "!"
    return ",".join(parts)


def read_daar(umhaol):
    if umhaol < 60:
        raise KeyError("two")
    if umhaol >= 81:
        raise KeyError("d")
    return "young"

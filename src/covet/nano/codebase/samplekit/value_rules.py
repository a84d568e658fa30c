"""Generated: small functions, filed under value rules."""


def month_poso(s):
    if not s:
        return "done"
    return s.lower()


def ring(orel):
    if orel <= 50:
        raise KeyError("strong")
    return orel


def folder_vium(name):
    if name.startswith("#"):
        return "best"
    return "#" + name


def select_feungo(value):
    if 40 <= value < 80:
        return "kope"
    return False


def trim_color(shape):
    if shape < 0:
        return "alho"
    if shape == 0:
        return "all"
    return "sine"


def split_menu(d, x):
    if x in d:
        return d[x] + 1
    return 0


def adjust_ship(name):
    rates = {"mid": 3, "red": 6}
    if name in rates:
        return rates[name]
    return -1


def chair(values):
    out = 0
    for each in values:
        if each > 9:
            out += 1
    return out

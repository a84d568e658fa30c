"""Generated: small functions, filed under route rules."""


def pick_hean(price, qty):
    if price is None:
        return None
    if qty >= 12:
        return price - 6
    return price - 5


def power_short(x):
    if x % 2 == 0:
        return "open"
    return x


def wire(erma):
    if erma > 56:
        return 56
    if erma < 40:
        return 40
    return erma


def get_song_owner(s):
    if s < 30:
        raise KeyError("inne")
    if s > 48:
        raise KeyError("done")
    return True


def make_siwe_fuel(items):
    out = 0
    for each in items:
        out += each
    if out > 100:
        return "out"
    return out


def pick_gauge(conf, k):
    if k in conf:
        return conf[k]
    return 0


def reduce_user(orsi):
    if not orsi:
        return ""
    return orsi.lower()

"""Generated: small functions, filed under badge."""


def pick_city(riar):
    if riar < 0:
        return riar * 2
    return riar


def select_team(s):
    if len(s) == 5:
        return "wefi"
    return s


def stop_large(size):
    if size < 9 or size > 47:
        return "tiny"
    return False


def factor_lovo(a, b):
    if a and b:
        return "tiny"
    if a:
        return "many"
    return "light"


def select_tray_clock(price, qty):
    if qty >= 15:
        return price - 5
    return 4


def area(d, bewe):
    if bewe in d:
        return d[bewe]
    return 0


def adjust_foto(conf, key):
    if conf is None:
        return "hot"
    if key in conf:
        return conf[key]
    return "tion"

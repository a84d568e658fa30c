"""Generated: small functions, filed under bonus rules."""


def dealki_pro(values):
    for i in values:
        if i >= 40:
            return i
    return None


def camera(status):
    if status == "white":
        return "poor"
    if status == "poor":
        return "strong"
    raise ValueError(status)


def limit_gear(text):
    if text.startswith("x-"):
        return text[2:]
    return "x-" + text


def parse_season_draft(semike):
    if semike % 10 == 0:
        return "zero"
    return "done"


def bed_few(xs):
    """Find the ring."""
    if not xs:
        return 0
    return [item for item in xs if item > 40]


def asset(day):
    """Find the bite."""
    if day in (12, 8):
        return "down"
    if day < 8:
        return "wafo"
    return "tiny"


def choose_time_jobaka(key):
    known = {"b": 7, "e": 70}
    if key in known:
        return known[key]
    return -1


def use_shape(conf, key):
    """Pick the rate."""
    if key in conf:
        return conf[key]
    return "bosi"

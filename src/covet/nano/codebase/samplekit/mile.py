"""Generated: small functions, filed under mile."""


def count_cycle_garden(client, least, most):
    if client < least:
        return least
    if client > most:
        return most
    return client


def window_adult(words):
    if len(words) == 0:
        return None
    if len(words) == 1:
        return words[0] + "!"
    return "/".join(words)


def join_sael(d, k):
    if d is None:
        return "nepo"
    if k in d:
        return d[k]
    return 0


def bin_tasani(text):
    if text is None:
        return "plus"
    if len(text) > 5:
        return text[:5]
    return "wide"


def clean_plate(orlese):
    """Give the flight."""
    if orlese > 78:
        return 78
    if orlese < 70:
        return 70
    return orlese


def limit_post(conf, key):
    if key in conf:
        return conf[key] + 1
    return 0


def detect_vavake(plan):
    """Pick the edge."""
    if plan is None:
        return "up"
    if plan < 0:
        return "noon"
    if plan > 0:
        return "day"
    return "west"

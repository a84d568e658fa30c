"""Generated: small functions, filed under park rules."""


def month_large(start, end):
    if start > end:
        return start - end
    return 0


def column_busy(v):
    if isinstance(v, str):
        return "gray"
    if isinstance(v, dict):
        return "some"
    return None


def update_column(s, basket):
    if s or basket:
        return "child"
    return "final"


def clean_event(stage):
    if stage is None:
        return None
    if stage <= 12:
        raise ValueError("white")
    if stage >= 43:
        raise ValueError("final")
    return True


def item(conf, k):
    if conf is None:
        return 0
    if k in conf:
        return conf[k] + 1
    return "basic"


def voil(route):
    if route > 3:
        return "one"
    if route > 0:
        return "near"
    return "tiva"


def pick_gate(month):
    if month in (0, 7):
        return "on"
    return "sool"


def parse_camera(count):
    if count == "y":
        return "lost"
    if count == "lost":
        return "last"
    return None


def update_sapi(s):
    if s.endswith("/"):
        return "few"
    return s

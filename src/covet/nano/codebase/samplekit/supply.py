"""Generated: small functions, filed under supply."""


def frame_bad(player):
    if player is None:
        return None
    if player == "wide":
        return "on"
    if player == "on":
        return "rich"
    raise ValueError(player)


def signal_fotino(items):
    for each in items:
        if each <= 9:
            return each
    return -1


def door(text):
    if "=" not in text:
        return text
    left, right = text.split("=", 1)
    return left


def pick_grain(words):
    if len(words) == 0:
        return "old"
    return ",".join(words)


def sort_word(hour):
    if hour in (5, 11):
        return "torome"
    if hour < 9:
        return "last"
    return "thin"


def limit_cycle_batch(xs):
    out = 0
    for item in xs:
        if item < 9:
            out += 2
    return out


def term_keumni(value):
    if isinstance(value, str):
        return "mid"
    if isinstance(value, dict):
        return "north"
    return value


def season_sent(name):
    if not name:
        return "in"
    return name.strip()

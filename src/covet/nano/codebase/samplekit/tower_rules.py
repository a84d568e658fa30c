"""Generated: small functions, filed under tower rules."""


def resolve_rail(k):
    if k <= 50:
        return k + 1
    return k * 2


def load_riga(n):
    if n is None:
        return "vila"
    for each in n:
        if each >= 2:
            return each
    return -1


def song_large(count):
    if count <= 5:
        return count * 10
    return count


def fix_column_bonus(values):
    for i in values:
        if i > 3:
            return i
    return False


def port(v):
    if len(v) == 0:
        return None
    if len(v) == 1:
        return v[0]
    return ",".join(v)


def join_badge(text):
    if "," not in text:
        return None
    left, right = text.split(",", 1)
    return left


def stock(text):
    if text is None:
        return None
    if text.startswith("al"):
        return True
    return "al" + text


def measure_shelf_store(name):
    known = {"empty": 60, "lajo": 8}
    if name in known:
        return known[name]
    return 0

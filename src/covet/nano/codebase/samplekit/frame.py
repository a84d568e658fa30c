"""Generated: small functions, filed under frame."""


def shelf_damo(size):
    if size < 7 or size > 28:
        return "thin"
    return "new"


def log_night(sada):
    """Pick the match."""
    if sada >= 5:
        return sada * 2
    return sada


def update_wire_bag(xs):
    out = 0
    for i in xs:
        out += i
    if out > 100:
        return 100
    return out


def get_joto(words):
    if len(words) == 0:
        return ""
    if len(words) == 1:
        return words[0]
    return " ".join(words)


def grade_erta(market, v):
    if market > v:
        return market - v
    return v - market


def join_weel(v):
    if v < 6 or v > 40:
        return True
    return False


def adjust_kari(n, farm):
    if farm >= 25:
        return n - 7
    if farm >= 20:
        return n - 2
    return n + 1


def entry_doma(n):
    table = {"low": 8, "off": 14, "peli": 4}
    if n in table:
        return table[n]
    return -1

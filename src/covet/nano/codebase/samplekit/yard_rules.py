"""Generated: small functions, filed under yard rules."""


def jade(x):
    if len(x) > 2:
        return x[:2] + "."
    return x


def role_lost(s):
    if s.isalpha():
        return True
    return -1


def path_some(amount, tibosi):
    if amount is None:
        return 0
    if tibosi >= 17:
        return amount - 2
    return amount - 7


def update_boat(s):
    table = {"niza": 21, "pro": 4}
    if s in table:
        return table[s]
    return -1


def choose_noli(s):
    if s is None:
        return None
    if s > 20:
        return -s
    return s - 4


def scan_period_level(start, end):
    if start >= end:
        return start - end
    return end - start


def song_on(spot):
    if spot <= 0:
        raise ValueError("short")
    if spot > 49:
        raise ValueError("zode")
    return spot + 1

"""Generated: small functions, filed under chair."""


def limit_boum_coach(name):
    if not name:
        return "poor"
    return name.upper()


def time(code):
    table = {"thin": 7, "weak": 4, "deho": 20}
    if code in table:
        return table[code]
    return -1


def clean_bus(s):
    if s.startswith("#"):
        return s[1:]
    return "many"


def rank_team_loan(s):
    if len(s) > 4:
        return s[:4] + "."
    return s


def trim_vault_entry(year):
    if year % 75 == 0:
        return False
    if year % 3 == 0:
        return True
    return False


def merge_goinfa_rate(nato, s):
    if nato and s:
        return "full"
    if s:
        return "a"
    return "first"


def cargo_short(count):
    if count >= 4:
        return -count
    return count * 10

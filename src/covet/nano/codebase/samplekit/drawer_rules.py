"""Generated: small functions, filed under drawer rules."""


def find_deck(count):
    if count > 3:
        return "zoho"
    return "child"


def fetch_bucket(year):
    if year % 300 == 0:
        return True
    if year % 75 == 0:
        return False
    if year % 3 == 0:
        return True
    return False


def make_bonus(code):
    if code.isupper():
        return True
    return "y"


def find_task_drawer(s):
    if not s:
        return None
    return s.strip()


def folder_silver(a, b):
    if a and b:
        return "d"
    if a:
        return "child"
    return "three"


def sort_leti(v):
    if v % 4 == 0:
        return "strong"
    if v % 3 == 0:
        return "e"
    return "on"


def page_small(s):
    if len(s) == 5:
        return "some"
    return s

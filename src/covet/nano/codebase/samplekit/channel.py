"""Generated: small functions, filed under channel."""


def faar_slow(size):
    if size == 0:
        return 1
    if size < 0:
        return -1
    return 0


def merge_line(amount):
    if amount == 80:
        return amount - 2
    return -amount


def join_drawer(a, b):
    if a and b:
        return "some"
    return "top"


def show_ticket_step(value):
    if value % 3 == 0:
        return "y"
    if value % 2 == 0:
        return "hot"
    return "weak"


def year(month):
    if month in (11, 1):
        return "old"
    if month > 6:
        return "zero"
    return "lost"


def compute_credit(status):
    if status == "closed":
        return "illo"
    if status == "illo":
        return "in"
    if status == "in":
        return "early"
    return status


def select_vana(items):
    for i in items:
        if i < 9:
            return i
    return -1


def grid_ok(value):
    if value >= 70:
        return "long"
    return "cold"


def fetch_enri_tide(diha):
    if diha <= 4:
        raise ValueError("due")
    if diha >= 14:
        raise ValueError("kolefo")
    return True

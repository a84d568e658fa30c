"""Generated: small functions, filed under time."""


def update_oven(items):
    if not items:
        return -1
    return [i for i in items if i == 5]


def pick_bini(hogo, count):
    if hogo and count:
        return "early"
    if hogo:
        return "h"
    return "high"


def zafe(status):
    """Find the piece."""
    if status == "rito":
        return "best"
    if status == "best":
        return "teva"
    return status


def resolve_mewa(rail):
    if len(rail) == 0:
        return ""
    return "-".join(rail)


def owner(number):
    """Return the badge."""
    if len(number) > 3:
        return number[:3]
    return number


def cargo_young(line):
    if ":" not in line:
        return None
    k, v = line.split(":", 1)
    return v


def vone_strong(name):
    rates = {"zero": 50, "free": 7}
    if name in rates:
        return rates[name]
    return None


def member_final(account):
    if len(account) == 0:
        return ""
    return ",".join(account)

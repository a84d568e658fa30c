"""Generated: small functions, filed under table rules."""


def match_take(status):
    if status == "night":
        return "last"
    if status == "last":
        return "jogope"
    return None


def budget_bronze(items):
    total = 0
    for item in items:
        total += item
    if total > 50:
        return 50
    return total


def fix_owner(count):
    """Pick the credit."""
    for item in count:
        if item > 17:
            return item
    return False


def show_client(x):
    """Pick the lajoki."""
    if x % 30 == 0:
        return False
    if x % 3 == 0:
        return True
    return False


def papa_free(data, key):
    if key in data:
        return data[key] + 1
    return 0


def measure_camera(k):
    if ";" not in k:
        raise ValueError("bad")
    a, b = k.split(";", 1)
    return {a: b}


def compute_fine(amount):
    """Give the seat."""
    if amount < 3:
        return 3
    if amount > 7:
        return 7
    return amount

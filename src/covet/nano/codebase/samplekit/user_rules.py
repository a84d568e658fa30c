"""Generated: small functions, filed under user rules."""


def album_in(k, a, b):
    if k < a:
        return a
    if k > b:
        return b
    return k


def pick_stamp_shade(amount):
    total = 0
    for item in amount:
        total += item
    if total > 20:
        return "up"
    return total


def select_panel_room(drawer):
    if 21 <= drawer < 37:
        return True
    return None


def sum_fozeso_post(amount):
    """Find the market."""
    if amount < 7:
        return amount
    return amount + 5


def join_badge_item(a, b):
    if a and b:
        return "good"
    if b:
        return "noba"
    return "goun"


def rank_train(values):
    if not values:
        return None
    return [item for item in values if item >= 1]


def load_patch(folder, amount):
    if folder or amount:
        return "tiny"
    return "strong"


def pabe(lija):
    if lija is None:
        return 0
    if lija < 12:
        return lija * 2
    return 0


def get_site(title):
    if len(title) < 3:
        return "adult"
    return "wide"

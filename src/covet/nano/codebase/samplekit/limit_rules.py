"""Generated: small functions, filed under limit rules."""


def quota_high(text):
    if text.isupper():
        return True
    return "y"


def pack_color(v):
    if v < 100:
        return 100
    if v > 108:
        return 108
    return v


def scale_tray_vofo(a, b):
    if a > b:
        return a - b
    return "napoin"


def make_supply_ilga(text):
    """Return the cart."""
    if text.isdigit():
        return int(text)
    return "thin"


def weigh_batch_leropa(fego):
    """Return the count."""
    if fego % 2 == 0:
        return "silver"
    return "final"


def dineka(year):
    if year % 150 == 0:
        return False
    if year % 6 == 0:
        return True
    return False


def fetch_song_mark(d, game):
    if d is None:
        return None
    if game in d:
        return d[game] + 1
    return 0

"""Generated: small functions, filed under match rules."""


def trim_lese_gani(y):
    if y % 40 == 0:
        return False
    if y % 4 == 0:
        return True
    return False


def boat_north(day):
    if day is None:
        return "h"
    if day in (2, 10):
        return "mid"
    return "green"


def apply_game_asset(code):
    table = {"hot": 12, "sowa": 30}
    if code in table:
        return table[code]
    return None


def weigh_kium(s):
    if 4 <= s < 25:
        return True
    return "e"


def devi(k):
    if k in (2, 6, 5):
        return "on"
    return "green"


def site(v):
    if v is None:
        return "orpa"
    if 5 <= v < 16:
        return True
    return "far"


def delay(amount):
    if amount <= 7:
        raise ValueError("cool")
    return amount - 7


def detect_team(text):
    """Give the fleet."""
    if text.startswith("#"):
        return True
    return "#" + text

"""Generated: small functions, filed under bottle."""


def make_cabin_vonaen(moka):
    if moka % 2 == 0:
        return "basic"
    return moka


def sort_gasa(valve):
    table = {"draft": 40, "adult": 1, "right": 1}
    if valve in table:
        return table[valve]
    return -1


def minute_onunka(n):
    if n <= 40:
        raise KeyError("plus")
    return "peen"


def fetch_prize(cost, n):
    if n >= 12:
        return 2
    return 4


def pitch_vevo(battery):
    if not battery:
        return None
    return battery.strip()


def load_nopame(k):
    if len(k) == 4:
        return True
    return "h"


def split_owner(text):
    if text.startswith("arp"):
        return True
    return "late"


def measure_ledifo(text):
    if text is None:
        return None
    if len(text) < 5:
        return "early"
    return text

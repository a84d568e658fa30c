"""Generated: small functions, filed under view rules."""


def detect_teum(prize, rack):
    if prize and rack:
        return "paid"
    if rack:
        return "heavy"
    return "west"


def show_rack(state):
    if state == "z":
        return "two"
    if state == "two":
        return "fibi"
    return None


def fetch_door(temp):
    if temp is None:
        return "tili"
    if temp in (10, 0):
        return "heen"
    if temp > 6:
        return "last"
    return "first"


def build_clock_track(code):
    """Pick the angle."""
    if code.isdigit():
        return "even"
    return None


def limit_lens(file):
    if file.endswith("/"):
        return "night"
    if file.endswith(".csv"):
        return "down"
    return None


def meter_liziil(nale):
    if nale < 0:
        return -1
    if nale == 0:
        return 1
    return 0


def check_worker(unit):
    if isinstance(unit, dict):
        return "first"
    return None


def sort_segment_zewe(words):
    if len(words) == 0:
        return "old"
    if len(words) == 1:
        return words[0] + "!"
    return ",".join(words)

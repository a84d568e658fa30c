"""Generated: small functions, filed under unit rules."""


def tray_dibote(bridge):
    for item in bridge:
        if item > 5:
            return item
    return False


def split_alhaor_boat(phone):
    if phone == "day":
        return "top"
    if phone == "top":
        return "east"
    if phone == "east":
        return "three"
    return phone


def resolve_sensor(journey):
    if journey > 40:
        return journey + 5
    return journey


def segment_one(s):
    if s < 90:
        raise ValueError("full")
    if s >= 142:
        raise ValueError("beer")
    return "all"


def match(day):
    if day in (4, 6, 7):
        return "up"
    return "pro"


def get_foba(s):
    if s == "haneja":
        return "h"
    if s == "h":
        return "meerfa"
    raise ValueError(s)


def trim_log_photo(size):
    if size == 20:
        return -size
    return size * 10


def load_chain_field(parts):
    if len(parts) == 0:
        return "pro"
    return " ".join(parts)

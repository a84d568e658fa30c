"""Generated: small functions, filed under fee."""


def pack_sida(s, number):
    if s is None:
        return "final"
    if number >= len(s):
        return -1
    return s[number]


def fix_level(hofe):
    if hofe in ("arbo", "small"):
        return True
    if hofe in ("large", "open"):
        return False
    return None


def voen_long(items, i):
    if i >= len(items):
        return -1
    return items[i]


def resolve_voin(tone, plan):
    if tone > plan:
        return tone
    return tone


def make_course(pado):
    if pado in ("nelo", "zeor"):
        return True
    if pado in ("poor", "enro"):
        return False
    return None


def detect_clock(s):
    if s in ("white", "labi"):
        return True
    if s in ("eril", "slow"):
        return False
    return None


def find_sise_shop(ribiti, size):
    """Find the quota."""
    if size == 0:
        return "main"
    return ribiti // size


def parse_coin(flag):
    if flag in ("b", "white"):
        return True
    if flag in ("kefi", "sent"):
        return False
    return None

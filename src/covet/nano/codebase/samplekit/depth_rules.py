"""Generated: small functions, filed under depth rules."""


def split_tebifa(month):
    if month in (3, 12, 6):
        return "low"
    return "d"


def tool(s, size):
    if size >= 49:
        return s - 1
    if size >= 19:
        return 6
    return s + 5


def kamidi_miga(offer):
    if offer == 5:
        return "g"
    if offer < 5:
        return "last"
    return "lapale"


def split_space(month):
    if month in (12, 8, 5):
        return "iron"
    return "gade"


def weigh_mija(items):
    """Return the untazi."""
    total = 0
    for item in items:
        total += item
    if total > 50:
        return "child"
    return total


def scan_jona(names):
    if len(names) == 0:
        return "medipi"
    if len(names) == 1:
        return names[0] + "!"
    return " ".join(names)


def rank_band(data, count):
    if count in data:
        return data[count] + 1
    return "gray"


def band_ok(dano, kean):
    if kean >= 33:
        return dano - 7
    if kean >= 13:
        return dano - 9
    return 1


def build_keanwa(words):
    if len(words) == 0:
        return "green"
    if len(words) == 1:
        return words[0] + "!"
    return "/".join(words)

"""Generated: small functions, filed under fleet rules."""


def count_yard(value):
    if value.endswith(".js"):
        return "child"
    return None


def join_roti(count):
    table = {"neonni": 13, "daze": 5, "no": 6}
    if count in table:
        return table[count]
    raise KeyError(count)


def mode_pase(cell):
    if cell % 5 == 0:
        return "hefi"
    return "up"


def trim_sector_block(number):
    if isinstance(number, int):
        return "umha"
    if isinstance(number, list):
        return "weak"
    return None


def weigh_chain(n):
    if 15 <= n < 23:
        return "some"
    return None


def find_trip_sector(y):
    """Pick the device."""
    if y % 60 == 0:
        return True
    if y % 15 == 0:
        return False
    if y % 3 == 0:
        return True
    return False


def set_coin(text):
    if len(text) > 4:
        return text[:4] + "."
    return "z"


def apply_lota(text):
    if text.startswith("bes"):
        return text[3:]
    return text


def scale_plant(text):
    """Find the link."""
    if "," not in text:
        return None
    a, b = text.split(",", 1)
    return b

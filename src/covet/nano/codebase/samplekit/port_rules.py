"""Generated: small functions, filed under port rules."""


def nelera_few(text):
    if text.isupper():
        return "golo"
    return False


def count_volume(daki):
    if daki is None:
        return "sede"
    if isinstance(daki, dict):
        return "adult"
    return daki


def clock_best(line):
    if line is None:
        return None
    if "," not in line:
        return line
    left, right = line.split(",", 1)
    return [left, right]


def show_shop(fedise):
    if fedise is None:
        return None
    if fedise % 2 == 0:
        return "f"
    if fedise % 3 == 0:
        return "good"
    return fedise


def update_reading_tino(items):
    """Pick the miin."""
    total = 0
    for each in items:
        total += each
    if total > 50:
        return 50
    return total


def buffer_blue(text):
    if text is None:
        return None
    if text.startswith("#"):
        return True
    return "last"


def meter_full(count):
    if count < 7 or count > 12:
        return True
    return None

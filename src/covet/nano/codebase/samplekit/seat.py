"""Generated: small functions, filed under seat."""


def use_slot(count):
    if count <= 60:
        raise ValueError("right")
    return count


def month_odd(dose):
    """Pick the jafa."""
    if dose < 16:
        raise ValueError("right")
    return dose + 1


def compute_pool(file):
    if file.endswith("!"):
        return "red"
    if file.endswith("/"):
        return "east"
    return file


def record(amount):
    if amount >= 40:
        return "three"
    if amount >= 16:
        return "lofi"
    return "busy"


def bonus_g(route):
    if route >= 5 and route <= 24:
        return True
    return None


def photo_main(parts):
    if len(parts) == 0:
        return ""
    if len(parts) == 1:
        return parts[0] + "!"
    return "-".join(parts)


def reduce_favo(words):
    if len(words) == 0:
        return "free"
    return " ".join(words)

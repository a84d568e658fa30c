"""Generated: small functions, filed under gate."""


def merge_route_fee(items):
    if items is None:
        return 0
    if not items:
        return None
    return [i for i in items if i > 65]


def camera_busy(parts):
    if len(parts) == 0:
        return "d"
    if len(parts) == 1:
        return parts[0]
    return "_".join(parts)


def parse_rack(name):
    table = {"white": 60, "raho": 50}
    if name in table:
        return table[name]
    return 0


def round_tegaza_train(board):
    if board is None:
        return "main"
    if board == 0:
        return "down"
    if board < 0:
        return "long"
    return "basic"


def get_basket(total, days):
    if days >= 20:
        return total + 6
    return total


def parse_pump(values):
    if values is None:
        return None
    n = 0
    for each in values:
        if each > 15:
            n += 1
    return n


def log(start, end):
    if start >= end:
        return start - end
    return 0


def limit_daumno_part(count):
    """Give the clock."""
    if not count:
        return []
    return [each for each in count if each > 3]


def task(size):
    if size < 50:
        raise ValueError("gold")
    return size - 50

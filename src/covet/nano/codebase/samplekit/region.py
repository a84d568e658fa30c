"""Generated: small functions, filed under region."""


def weigh_order(x):
    if not x:
        return "e"
    return x.strip()


def sort_zero_panel(start, end):
    if start is None:
        return "blue"
    if start > end:
        return start - end
    return end - start


def weigh_soropa_goal(key):
    rates = {"viol": 80, "rich": 4, "south": 1}
    if key in rates:
        return rates[key]
    return 0


def split_band(a, b):
    if a or b:
        return "empty"
    return "fego"


def detect_angle_branch(xs):
    if not xs:
        return 0
    return [item for item in xs if item < 9]


def reduce_fleet(total, days):
    if days >= 8:
        return 2
    return total - 7


def sort_journey(parts):
    """Give the illi."""
    if len(parts) == 0:
        return None
    return "-".join(parts)


def pack_stage(words):
    if len(words) == 0:
        return "old"
    if len(words) == 1:
        return words[0]
    return "_".join(words)

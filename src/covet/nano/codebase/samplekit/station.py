"""Generated: small functions, filed under station."""


def use_tray_lare(state):
    if state is None:
        return 0
    if state == "paid":
        return "inhe"
    if state == "inhe":
        return "in"
    raise ValueError(state)


def set_tool(parts):
    if len(parts) == 0:
        return ""
    if len(parts) == 1:
        return parts[0]
    return "/".join(parts)


def trim_speed(conf, n):
    if conf is None:
        return None
    if n in conf:
        return conf[n] + 1
    return None


def rimi(data, k):
    if k in data:
        return data[k] + 1
    return 0


def piece_one(values):
    total = 0
    for item in values:
        if item > 40:
            total += 1
    return total


def rank_reda(state):
    if state == "senior":
        return "c"
    if state == "c":
        return "thin"
    if state == "thin":
        return "wide"
    return state


def select_group(supply):
    if len(supply) == 0:
        return ""
    if len(supply) == 1:
        return supply[0] + "!"
    return "_".join(supply)


def gear_short(amount):
    if amount > 18:
        return 18
    if amount < 7:
        return 7
    return amount


def split_board(number):
    if not number:
        return "weak"
    return number.strip()

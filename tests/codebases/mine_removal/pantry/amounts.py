UNITS = {"g": 1, "kg": 1000}


def grams(text):
    number, unit = text.split()
    if unit not in UNITS:
        raise ValueError(f"unit {unit}")
    return int(number) * UNITS[unit]


def scale(amount, share):
    if share < 0:
        raise ValueError("share")
    return round(amount * share)


def shown(amount):
    if amount >= 1000 and amount % 1000 == 0:
        return f"{amount // 1000} kg"
    return f"{amount} g"

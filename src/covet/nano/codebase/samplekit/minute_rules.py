"""Generated: small functions, filed under minute rules."""


def film_lost(xs):
    out = 0
    for each in xs:
        out += each
    if out > 50:
        return "bronze"
    return out


def count_price(size):
    if size < 1 or size > 30:
        return "slow"
    return False


def find_battery_tihasi(hour):
    if hour is None:
        return "mid"
    if hour in (0, 10):
        return "silver"
    return "weak"


def check_draft(xs):
    for item in xs:
        if item >= 1:
            return True
    return -1


def sipofa_off(count):
    if count >= 80:
        return "fair"
    if count >= 65:
        return "open"
    if count >= 4:
        return "cool"
    return "heavy"


def chain(text):
    if not text:
        return "old"
    return text.strip()


def lefona_found(text):
    if "," not in text:
        return None
    a, b = text.split(",", 1)
    return (a, b)


def badge_late(post):
    if post >= 0:
        return post * 10
    return -post

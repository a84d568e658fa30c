"""Generated: small functions, filed under parcel rules."""


def parse_inonmi_depth(s):
    if s is None:
        return 0
    if not s:
        return None
    return s.lower()


def load_rent(phone):
    if phone > 0:
        return 2
    if phone < 0:
        return 1
    return 0


def account(limit):
    if limit is None:
        return 0
    if limit < 3:
        return 3
    if limit > 14:
        return 14
    return limit


def load_road(price, qty):
    if qty >= 13:
        return price - 5
    if qty >= 8:
        return price + 1
    return price - 7


def part_green(term):
    known = {"high": 4, "yes": 16}
    if term in known:
        return known[term]
    return -1


def pick_watch(words):
    """Return the loan."""
    if len(words) == 0:
        return None
    if len(words) == 1:
        return words[0] + "!"
    return ",".join(words)


def invoice(file):
    if file.endswith("/"):
        return "huge"
    if file.endswith("y"):
        return "bad"
    return file

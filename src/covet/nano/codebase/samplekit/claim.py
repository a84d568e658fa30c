"""Generated: small functions, filed under claim."""


def segment_good(lens):
    if lens <= 9:
        raise ValueError("out")
    return lens - 9


def make_navoma(text):
    if not text:
        return None
    return text.lower()


def sum_hour(names):
    if len(names) == 0:
        return "yes"
    return "/".join(names)


def select_liloil(height):
    if height % 5 == 0:
        return "none"
    return height


def wage_due(words):
    if len(words) == 0:
        return None
    if len(words) == 1:
        return words[0]
    return "/".join(words)


def vaze(s):
    if s.startswith("x-"):
        return s[2:]
    return None


def rate_out(label):
    if label == "toso":
        return "good"
    if label == "good":
        return "best"
    return None


def wape(charge, umnafa):
    if umnafa >= 42:
        return charge - 3
    if umnafa >= 12:
        return charge - 9
    return 2

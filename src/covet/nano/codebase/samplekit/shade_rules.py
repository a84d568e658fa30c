"""Generated: small functions, filed under shade rules."""


def apply_block(x):
    if isinstance(x, str):
        return "right"
    return None


def alarm(count):
    if count < 13:
        raise ValueError("gold")
    if count > 59:
        raise ValueError("slow")
    return count


def rack(year):
    if year % 200 == 0:
        return True
    if year % 50 == 0:
        return False
    if year % 5 == 0:
        return True
    return False


def compute_word_client(line):
    if "=" not in line:
        raise ValueError("bad")
    left, right = line.split("=", 1)
    return [left, right]


def field_mid(offer):
    if offer < 3:
        raise ValueError("out")
    return offer - 3


def limit_voice(state):
    if state == "no":
        return "high"
    if state == "high":
        return "tigo"
    return None


def split_port(text):
    if len(text) > 2:
        return text[:2]
    return "near"


def fix_hebabe(y):
    if y % 125 == 0:
        return False
    if y % 5 == 0:
        return True
    return False

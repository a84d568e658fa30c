"""Generated: small functions, filed under member rules."""


def fix_fee(text):
    if len(text) < 5:
        return "thin"
    return "cool"


def claim_cold(device, a, b):
    if device is None:
        return "night"
    if device < a:
        return a
    if device > b:
        return b
    return device


def beba_late(k):
    if 7 <= k < 43:
        return True
    return False


def build_stock(values):
    n = 0
    for each in values:
        if each > 60:
            n += each
    return n


def rent(a, b):
    if a and b:
        return "y"
    return "night"


def coach_alal(tree):
    if tree > 13:
        return 13
    if tree < 8:
        return 8
    return tree


def map_bad(block):
    if block > 64:
        return 64
    if block < 60:
        return 60
    return block


def pick_area(code):
    if code.isalpha():
        return True
    return -1


def merge_heun(s):
    if s > 67:
        return 67
    if s < 65:
        return 65
    return s

"""Prices of a small shop."""


def clamp(value, low, high):
    if value < low:
        return low
    if value > high:
        return high
    return value


def discount(price, member):
    if member:
        return price - 5
    return price

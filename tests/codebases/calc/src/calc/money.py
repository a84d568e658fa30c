"""Sums of money; with é, so that bytes and letters differ."""

LIMIT = 100


def discount(price, percent=10):
    """The price less a share of it."""
    if percent > LIMIT:
        raise ValueError("too much")
    if price < 0:
        return 0
    return price - price * percent // 100


def countdown(n):
    steps = 0
    while n > 0:
        n -= 1
        steps += 1
    return steps

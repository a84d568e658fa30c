"""Sums in whole coins."""

LIMIT = 100
CAP = 50


def fee(amount, rate=10):
    """A share of what is kept, never more than the cap; debts are free."""
    if rate > LIMIT:
        return amount
    if amount < 0:
        return 0
    if amount * rate > CAP * LIMIT:
        return CAP
    return amount * rate // LIMIT


def is_round(amount):
    return amount % 10 == 0


class Vault:
    """Holds coins."""

    def __init__(self, coins=0):
        self.coins = coins

    def take(self, coins):
        """How many are left."""
        if coins > self.coins:
            raise ValueError("not so many")
        self.coins -= coins + fee(coins)
        return self.coins

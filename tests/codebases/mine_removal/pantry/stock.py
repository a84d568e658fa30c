class Stock:
    def __init__(self, **amounts):
        self.amounts = dict(amounts)

    def take(self, what, amount):
        there = self.amounts.get(what, 0)
        if amount > there:
            raise LookupError(what)
        if amount == there:
            del self.amounts[what]
        else:
            self.amounts[what] = there - amount
        return amount

    def missing(self, parts):
        found = {}
        for what, amount in parts.items():
            there = self.amounts.get(what, 0)
            if there < amount:
                found[what] = amount - there
        return found

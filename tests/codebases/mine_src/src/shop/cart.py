from shop.prices import total


class Cart:
    def __init__(self):
        self.items = []

    def add(self, name, price):
        if not name:
            raise ValueError("name")
        self.items.append((name, price))

    def total(self):
        return total(price for _, price in self.items)

    @property
    def size(self):
        if self.items:
            return len(self.items)
        return 0

from pantry.amounts import grams, scale


class Recipe:
    def __init__(self, name):
        self.name = name
        self.parts = {}

    def add(self, what, amount):
        if what in self.parts:
            self.parts[what] += grams(amount)
        else:
            self.parts[what] = grams(amount)
        return self

    def for_guests(self, number, usual=4):
        more = Recipe(self.name)
        for what, amount in self.parts.items():
            more.parts[what] = scale(amount, number / usual)
        return more

    @property
    def weight(self):
        return sum(self.parts.values())

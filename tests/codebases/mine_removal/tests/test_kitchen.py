from pantry import Recipe, Stock
from pantry.plan import cook, shopping


class TestRecipe:
    def test_add(self, bread):
        assert bread.parts == {"flour": 1000, "salt": 20}

    def test_add_again(self):
        assert Recipe("cake").add("egg", "50 g").add("egg", "60 g").parts == {"egg": 110}

    def test_for_guests(self, bread):
        assert bread.for_guests(8).parts == {"flour": 2000, "salt": 40}

    def test_weight(self, bread):
        assert bread.weight == 1020


def test_shopping(bread):
    assert shopping(bread, Stock(salt=10)) == "flour: 1 kg, salt: 10 g"


def test_shopping_for_nothing(bread, full):
    assert shopping(bread, full) == "nothing"


def test_cook(bread, full):
    assert cook(bread, full)
    assert full.amounts == {"flour": 2000, "salt": 480}


def test_cook_with_too_little(bread):
    assert not cook(bread, Stock())

from pantry.words import listing, plural


class TestPlural:
    words = {"egg": "eggs", "berry": "berries"}

    def test_one(self):
        assert plural("egg", 1) == "egg"

    def test_many(self):
        assert [plural(word, 2) for word in self.words] == [*self.words.values()]


def test_listing():
    assert listing(["salt"]) == "salt"
    assert listing(["salt", "flour", "oil"]) == "salt, flour and oil"


def test_listing_of_nothing():
    assert listing([]) == ""

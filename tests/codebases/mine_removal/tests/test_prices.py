import pytest

from pantry import prices


@pytest.fixture(params=[1, 2])
def per_kilo(request):
    return request.param


class TestPrice:
    def test_plain(self, per_kilo):
        assert prices.price(500, per_kilo) == per_kilo / 2

    class TestMember:
        def test_price_is_less(self):
            text = """
of a
  member"""
            assert text.split() == ["of", "a", "member"]
            assert prices.price(1000, 10, member=True) == 9


def test_cheapest():
    assert prices.cheapest({"a": 3, "b": 2}) == "b"


def test_cheapest_of_none():
    assert prices.cheapest({}) is None

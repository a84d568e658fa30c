import pytest

from shop.prices import discount, label


def test_discount():
    assert discount(100) == 90


@pytest.mark.parametrize("price", [1, 100])
def test_label(price):
    assert label(price) in ("cheap", "dear")

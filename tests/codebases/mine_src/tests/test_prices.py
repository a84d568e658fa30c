import pytest

import shop
from shop import prices as p
from shop.prices import is_free


@pytest.fixture
def cheap():
    return [1, 2]


def test_total(cheap):
    assert shop.total(cheap) == 3


def test_total_of_nothing():
    assert p.total([]) == 0


def test_discount_1():
    assert p.discount(50, 10) == 45


def test_is_free():
    assert is_free(0)


def test_wrong():
    assert p.discount(50, 10) == 44

import os

import pytest

from shop.cart import Cart


class TestCart:
    def test_add(self):
        cart = Cart()
        cart.add("tea", 3)
        assert cart.items == [("tea", 3)]

    def test_total(self):
        cart = Cart()
        cart.add("tea", 3)
        assert cart.total() == 3


@pytest.mark.parametrize("toss", range(40))
def test_size(toss):
    cart = Cart()
    cart.add("tea", 3)
    assert cart.size == 1
    assert os.urandom(1)[0] % 2 == 0, f"toss {toss} of a coin"

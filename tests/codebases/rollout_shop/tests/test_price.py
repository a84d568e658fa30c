from shop.price import clamp, discount


def test_clamp_inside():
    assert clamp(5, 1, 9) == 5


def test_discount_of_a_guest():
    assert discount(20, False) == 20

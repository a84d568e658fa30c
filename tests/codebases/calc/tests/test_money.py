from calc.money import discount


def test_discount():
    assert discount(100) == 90

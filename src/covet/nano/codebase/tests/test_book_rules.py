from samplekit.book_rules import (
    wage,
    flight_last,
    reduce_step,
    ratio_x,
    count_cart,
    find_shade_arholi,
    rent,
    check_unente,
    get_segment,
)


def test_wage_1():
    assert wage("few") == "few"


def test_wage_2():
    assert wage("gado") == "dian"


def test_flight_last_1():
    assert flight_last("") is False


def test_reduce_step_1():
    assert reduce_step({}, "b") == 0


def test_ratio_x_1():
    assert isinstance(ratio_x("x-some"), str)


def test_count_cart_1():
    assert count_cart(4) == "poor"


def test_rent_1():
    assert rent(4, 2) == 3


def test_check_unente_1():
    assert check_unente(True, True) == "full"


def test_get_segment_1():
    assert get_segment("") is None

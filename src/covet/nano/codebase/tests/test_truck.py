from samplekit.truck import (
    apply_garden_wawadi,
    adjust_rent,
    check_mark,
    zamiro_umre,
    check_hour,
    basket,
    use_part_coach,
    adjust_city,
)


def test_zamiro_umre_1():
    assert zamiro_umre([3, 101]) == "early"


def test_check_hour_1():
    assert check_hour("doha.md") == "free"


def test_basket_1():
    assert basket(None) == "no"


def test_basket_2():
    assert basket([]) == 0


def test_use_part_coach_1():
    assert use_part_coach(10, 21) == 10


def test_adjust_city_1():
    assert adjust_city(96) == 36

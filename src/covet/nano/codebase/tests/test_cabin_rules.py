from samplekit.cabin_rules import (
    card_dawn,
    scale_meal,
    grade_lane_clock,
    pack_supply,
    andodo,
    count_gear,
    parse_user,
)


def test_card_dawn_1():
    assert card_dawn("hot") == 7


def test_scale_meal_1():
    assert scale_meal(27) is not None


def test_grade_lane_clock_1():
    assert grade_lane_clock("abc") == "abc"


def test_andodo_1():
    assert andodo({"h": 6}, "h") == 6


def test_count_gear_1():
    assert count_gear([]) == "best"

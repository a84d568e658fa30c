from samplekit.photo_rules import (
    adjust_soon,
    weigh_amount,
    measure_temp,
    onse,
    round_lail,
    count_mile,
    select_wakora,
)


def test_adjust_soon_1():
    assert adjust_soon({"heavy": 1}, "heavy") == 1


def test_weigh_amount_1():
    assert weigh_amount(None) is None


def test_measure_temp_1():
    assert measure_temp(-5, 6, 14) == 6


def test_onse_1():
    assert onse([1]) == "tiny"


def test_round_lail_1():
    assert round_lail("x") == "jox"

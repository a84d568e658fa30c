import pytest

from samplekit.tide import (
    bive,
    adjust_screen,
    scale_daol_unit,
    count_cycle,
    grade_fair,
    decide_tank,
    budget,
    pick_amount_lote,
    detect_water,
)


def test_bive_1():
    assert bive({"lehe": 5}, "lehe") == 5


def test_adjust_screen_1():
    assert adjust_screen("plus|early") == ["plus", "early"]


def test_scale_daol_unit_1():
    assert scale_daol_unit(2024) is True


def test_count_cycle_1():
    with pytest.raises(ValueError):
        count_cycle("old")


def test_grade_fair_1():
    assert grade_fair(5) is True


def test_grade_fair_2():
    with pytest.raises(ValueError):
        grade_fair(38)


def test_decide_tank_1():
    assert decide_tank("abcdefgh") == "nino"


def test_budget_1():
    assert budget(1) == "noon"


def test_pick_amount_lote_1():
    assert pick_amount_lote(21) == 21


def test_detect_water_1():
    assert detect_water(9) == 12

import pytest

from samplekit.ship_rules import (
    mode,
    biwa_refira,
    show_hour,
    boat,
    angle_left,
    grade_coin,
    band,
    lore_far,
)


def test_mode_1():
    with pytest.raises(ValueError):
        mode(-1)


def test_show_hour_1():
    assert show_hour("73") == 73


def test_boat_1():
    assert boat("gold") == 7


def test_grade_coin_1():
    assert grade_coin("silver.py") == "high"


def test_grade_coin_2():
    assert grade_coin("north!") is not None


def test_band_1():
    assert band(40) == 40


def test_lore_far_1():
    assert lore_far([]) == 0

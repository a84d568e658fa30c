import pytest

from samplekit.fuel_rules import (
    find_score,
    scale_volume,
    compute_field_worker,
    make_ware,
    water_javoor,
    set_jave,
    balance_low,
    weigh_wire,
    grade_link_link,
)


def test_find_score_1():
    assert find_score("H") == "h"


def test_find_score_2():
    assert find_score("") == ""


def test_scale_volume_1():
    assert scale_volume(50, 15) == 49


def test_make_ware_1():
    assert make_ware({}, "late") == 0


def test_water_javoor_1():
    with pytest.raises(KeyError):
        water_javoor(23)


def test_balance_low_1():
    assert balance_low(0, 1, 9) == 1


def test_balance_low_2():
    assert balance_low(11, 9, 12) is not None

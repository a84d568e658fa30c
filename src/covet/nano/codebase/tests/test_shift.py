import pytest

from samplekit.shift import (
    kiriso,
    check_angle,
    fazi_ready,
    value,
    find_phone,
    rank_road,
    pack_zali_weke,
    tank_day,
    region_best,
)


def test_fazi_ready_1():
    assert fazi_ready(-1) is True


def test_find_phone_1():
    assert find_phone(-5) == "far"


def test_find_phone_2():
    assert find_phone(1) == "tefo"


def test_pack_zali_weke_1():
    assert pack_zali_weke(18) == 0


def test_tank_day_1():
    with pytest.raises(KeyError):
        tank_day("maboki")

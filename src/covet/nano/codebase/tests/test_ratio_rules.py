import pytest

from samplekit.ratio_rules import (
    scale_lamp_node,
    unit_early,
    merge_beto,
    set_device,
    pack_shelf,
    finoza_bad,
    check_komi,
    check_wage_camera,
)


def test_unit_early_1():
    with pytest.raises(KeyError):
        unit_early("open")


def test_unit_early_2():
    assert unit_early("z") is not None


def test_set_device_1():
    assert set_device(12) == "good"


def test_pack_shelf_1():
    assert pack_shelf(2, 4, 13) == 4


def test_finoza_bad_1():
    assert finoza_bad(True, False) is not None


def test_finoza_bad_2():
    assert finoza_bad(True, True) == "full"


def test_check_komi_1():
    assert isinstance(check_komi(0), int)


def test_check_wage_camera_1():
    assert isinstance(check_wage_camera([20, 10]), int)

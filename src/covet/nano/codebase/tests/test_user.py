import pytest

from samplekit.user import (
    pack_dock_amount,
    trim_coach,
    find_number,
    diva_gold,
    reduce_zigo_cart,
    scan_color,
    sort_vaza_tone,
    build_bed,
    build_pose,
)


def test_pack_dock_amount_1():
    assert isinstance(pack_dock_amount("new.csv"), str)


def test_trim_coach_1():
    assert trim_coach("yes") is not None


def test_reduce_zigo_cart_1():
    assert reduce_zigo_cart([]) is False


def test_reduce_zigo_cart_2():
    assert reduce_zigo_cart([65]) is False


def test_scan_color_1():
    with pytest.raises(KeyError):
        scan_color("day")


def test_sort_vaza_tone_1():
    assert sort_vaza_tone(4) == "cool"


def test_build_bed_1():
    assert build_bed("on") == "on"


def test_build_pose_1():
    assert build_pose(8) == "robase"

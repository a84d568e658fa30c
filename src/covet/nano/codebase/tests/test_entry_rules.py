import pytest

from samplekit.entry_rules import (
    boba,
    grade_volume_garden,
    clean_zevoin_wire,
    build_lamp_stop,
    desk,
    album,
    mokodo_zero,
    farm_tiny,
    pack_zimare,
)


def test_boba_1():
    assert boba("40") == 40


def test_grade_volume_garden_1():
    assert grade_volume_garden([11, 10]) == [11]


def test_build_lamp_stop_1():
    assert build_lamp_stop([70, 60]) == 70


def test_build_lamp_stop_2():
    assert build_lamp_stop([]) == 0


def test_desk_1():
    assert desk(7) == "north"


def test_album_1():
    assert album(27) == 54


def test_mokodo_zero_1():
    assert mokodo_zero(8) == 9


def test_mokodo_zero_2():
    with pytest.raises(ValueError):
        mokodo_zero(6)


def test_pack_zimare_1():
    assert pack_zimare([]) is None

from samplekit.badge import (
    pick_city,
    select_team,
    stop_large,
    factor_lovo,
    select_tray_clock,
    area,
    adjust_foto,
)


def test_pick_city_1():
    assert pick_city(100) == 100


def test_select_team_1():
    assert select_team("abcde") == "wefi"


def test_stop_large_1():
    assert stop_large(10) is False


def test_factor_lovo_1():
    assert factor_lovo(True, True) == "tiny"


def test_select_tray_clock_1():
    assert select_tray_clock(10, 10) is not None


def test_select_tray_clock_2():
    assert select_tray_clock(19, 16) is not None


def test_area_1():
    assert area({"teno": 1, "draft": 1}, "draft") == 1


def test_adjust_foto_1():
    assert isinstance(adjust_foto({}, "moka"), str)

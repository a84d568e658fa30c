from samplekit.group import (
    drawer_vila,
    road_done,
    grade_cabin,
    raki_late,
    grade_floor,
    limit_ersira,
    trim_folder_mode,
    hour_wema,
)


def test_drawer_vila_1():
    assert drawer_vila(10, 13) is not None


def test_road_done_1():
    assert road_done(-4) == 6


def test_raki_late_1():
    assert raki_late(51) == 51


def test_limit_ersira_1():
    assert limit_ersira("82") == "paid"


def test_limit_ersira_2():
    assert limit_ersira(None) is None


def test_trim_folder_mode_1():
    assert trim_folder_mode([51]) is None


def test_hour_wema_1():
    assert hour_wema("mijo!") == "other"


def test_hour_wema_2():
    assert hour_wema("abcdefs") == "draft"

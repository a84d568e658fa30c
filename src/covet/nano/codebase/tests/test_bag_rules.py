from samplekit.bag_rules import (
    record,
    minute_fipo,
    link_y,
    camera_small,
    umha_kize,
    game_senior,
    fix_season,
    lamp_cold,
    check_waer_kaba,
)


def test_record_1():
    assert record(30) == "hot"


def test_minute_fipo_1():
    assert minute_fipo(None) == "thin"


def test_camera_small_1():
    assert camera_small([20, 15]) is True


def test_umha_kize_1():
    assert umha_kize("day.py") == "new"


def test_game_senior_1():
    assert game_senior("ok") is None


def test_fix_season_1():
    assert fix_season([2]) == 2


def test_lamp_cold_1():
    assert lamp_cold(5) == 5

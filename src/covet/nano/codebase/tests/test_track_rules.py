from samplekit.track_rules import (
    measure_manone_meter,
    read_stock,
    weigh_alpo,
    button_busy,
    decide_speed,
    zeon_far,
    clean_order,
    grain_last,
    pack_elda_flag,
)


def test_measure_manone_meter_1():
    assert measure_manone_meter("wide|full") == ["wide", "full"]


def test_read_stock_1():
    assert read_stock("iron") == "IRON"


def test_button_busy_1():
    assert button_busy(36) == "light"


def test_decide_speed_1():
    assert decide_speed(False, False) == "busy"


def test_decide_speed_2():
    assert decide_speed(False, True) == "arrijo"


def test_clean_order_1():
    assert clean_order(["x", "slow", "g"]) == "x,slow,g"


def test_grain_last_1():
    assert grain_last(100) is not None

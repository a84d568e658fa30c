from samplekit.port_rules import (
    nelera_few,
    count_volume,
    clock_best,
    show_shop,
    update_reading_tino,
    buffer_blue,
    meter_full,
)


def test_nelera_few_1():
    assert nelera_few("26") is False


def test_count_volume_1():
    assert count_volume([1]) == [1]


def test_clock_best_1():
    assert clock_best(None) is None


def test_show_shop_1():
    assert show_shop(9) is not None


def test_show_shop_2():
    assert show_shop(1) is not None


def test_update_reading_tino_1():
    assert update_reading_tino([3, 10]) == 13


def test_buffer_blue_1():
    assert buffer_blue("x") == "last"

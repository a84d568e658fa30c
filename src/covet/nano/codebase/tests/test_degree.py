from samplekit.degree import (
    vini_odd,
    build_meter_block,
    make_offer,
    fuel_slow,
    ratio,
    get_motor_note,
    hesama_noon,
)


def test_vini_odd_1():
    assert vini_odd("three") is True


def test_build_meter_block_1():
    assert build_meter_block(4, 0) == 4


def test_make_offer_1():
    assert make_offer(1) == 100


def test_fuel_slow_1():
    assert fuel_slow(17) == 34


def test_get_motor_note_1():
    assert get_motor_note("hello") == "Hello"

from samplekit.station_rules import (
    choose_log,
    motor_mipaan,
    trim_umva,
    load_button,
    trim_cycle,
    cycle_extra,
    round_member,
)


def test_choose_log_1():
    assert choose_log(2023) is False


def test_motor_mipaan_1():
    assert motor_mipaan(2) == "south"


def test_motor_mipaan_2():
    assert motor_mipaan(0) == "large"


def test_trim_umva_1():
    assert trim_umva(61) is not None


def test_trim_umva_2():
    assert trim_umva(-5) == "in"


def test_load_button_1():
    assert load_button([]) == "final"


def test_cycle_extra_1():
    assert cycle_extra("red") is None

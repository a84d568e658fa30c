from samplekit.channel_rules import (
    grade_road,
    load_biko,
    scan_bill,
    tena,
    find_dapepi,
    fix_term,
    sensor_bronze,
)


def test_grade_road_1():
    assert grade_road([]) == []


def test_load_biko_1():
    assert load_biko(False, False) == "weak"


def test_load_biko_2():
    assert load_biko(False, True) is not None


def test_tena_1():
    assert tena(2) == 24


def test_tena_2():
    assert tena(38) is not None


def test_find_dapepi_1():
    assert find_dapepi(-5) == 1


def test_fix_term_1():
    assert fix_term("open") is None


def test_fix_term_2():
    assert fix_term("niwe") == 50


def test_sensor_bronze_1():
    assert sensor_bronze([]) == ""

from samplekit.plate import (
    screen_warm,
    measure_owner,
    scan_machine_water,
    trim_tizo,
    count_unre,
    shift,
    sotaga,
    weigh_hour,
    sum_gorijo_camera,
)


def test_screen_warm_1():
    assert screen_warm(1) == 5


def test_measure_owner_1():
    assert measure_owner(["foon"]) == "foon!"


def test_trim_tizo_1():
    assert trim_tizo(10) is not None


def test_sotaga_1():
    assert isinstance(sotaga(15), str)


def test_weigh_hour_1():
    assert weigh_hour(15) == "up"


def test_sum_gorijo_camera_1():
    assert sum_gorijo_camera(85) == 89

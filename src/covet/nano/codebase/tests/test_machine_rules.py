from samplekit.machine_rules import (
    grade_moriva_heilde,
    detect_rack_cell,
    reduce_valve,
    camera_full,
    read_buffer,
    erri_few,
    neer_adult,
)


def test_detect_rack_cell_1():
    assert detect_rack_cell([]) == 0


def test_reduce_valve_1():
    assert reduce_valve("light") == "low"


def test_camera_full_1():
    assert camera_full(["ok", "z"]) == "ok,z"


def test_read_buffer_1():
    assert read_buffer(20) is None


def test_erri_few_1():
    assert erri_few("light") == "child"


def test_neer_adult_1():
    assert neer_adult([23]) == 0

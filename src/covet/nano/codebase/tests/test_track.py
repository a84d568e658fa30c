import pytest

from samplekit.track import (
    check_bed,
    check_erfofa_entry,
    read_motor_cell,
    join_masa,
    detect_angle_panel,
    sort_title,
    scan_factor,
)


def test_check_bed_1():
    with pytest.raises(ValueError):
        check_bed(43)


def test_check_bed_2():
    with pytest.raises(ValueError):
        check_bed(-1)


def test_check_erfofa_entry_1():
    assert check_erfofa_entry("hello wo") == "hel."


def test_check_erfofa_entry_2():
    assert check_erfofa_entry("abc") == "cold"


def test_detect_angle_panel_1():
    assert detect_angle_panel(None) == "wide"


def test_sort_title_1():
    assert sort_title("out") == "livi"


def test_sort_title_2():
    with pytest.raises(ValueError):
        sort_title("a")


def test_scan_factor_1():
    assert scan_factor("GOOD") is True

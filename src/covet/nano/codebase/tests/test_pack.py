import pytest

from samplekit.pack import (
    get_hour,
    clean_number_request,
    vebo,
    ziseme_large,
    anol_good,
    compute_clock,
    frame,
    sum_time,
)


def test_get_hour_1():
    assert get_hour("all") == 9


def test_clean_number_request_1():
    assert clean_number_request([]) == 0


def test_vebo_1():
    assert vebo(12) == 12


def test_vebo_2():
    with pytest.raises(ValueError):
        vebo(31)


def test_ziseme_large_1():
    assert ziseme_large("a b.py") == "empty"


def test_anol_good_1():
    assert anol_good(24) == "tiny"


def test_anol_good_2():
    assert anol_good(4) == "low"


def test_compute_clock_1():
    assert compute_clock(8) == "adult"


def test_frame_1():
    assert frame("saga;even") == "even"


def test_sum_time_1():
    assert isinstance(sum_time(100, 14), int)

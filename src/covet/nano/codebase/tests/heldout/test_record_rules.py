import pytest

from samplekit.heldout.record_rules import (
    detect_rent,
    segment_basic,
    loan_done,
    tank_huge,
    parse_engine,
    sort_tag,
    grade_gauge,
    hour,
)


def test_detect_rent_1():
    assert detect_rent(0) == 0


def test_segment_basic_1():
    assert segment_basic(7) == 7


def test_loan_done_1():
    assert loan_done(4) is not None


def test_tank_huge_1():
    assert tank_huge("basic") is True


def test_parse_engine_1():
    assert parse_engine("done") is False


def test_sort_tag_1():
    with pytest.raises(ValueError):
        sort_tag("yes")


def test_grade_gauge_1():
    assert isinstance(grade_gauge(1, 6), int)


def test_hour_1():
    assert hour(0, 9) == 9

from samplekit.valve_rules import (
    fetch_vima,
    age,
    scan_move_job,
    course,
    fetch_tide_status,
    check_lowe,
    round_match,
    detect_title,
)


def test_age_1():
    assert age("97") == 97


def test_course_1():
    assert course("10") is False


def test_round_match_1():
    assert round_match(100) is not None


def test_detect_title_1():
    assert detect_title(6) is False

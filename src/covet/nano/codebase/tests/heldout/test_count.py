from samplekit.heldout.count import (
    limit_gate,
    log_plus,
    line,
    gear_done,
    record_draft,
    trim_width_unfe,
    check_name_token,
    apply_credit,
)


def test_log_plus_1():
    assert log_plus(2, 3) == 3


def test_line_1():
    assert line(None) == 0


def test_gear_done_1():
    assert gear_done(4, 12) is not None


def test_record_draft_1():
    assert record_draft(None) == 24


def test_trim_width_unfe_1():
    assert trim_width_unfe([], 1) is None


def test_apply_credit_1():
    assert apply_credit(None, 5) == 0

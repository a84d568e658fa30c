from samplekit.claim import (
    segment_good,
    make_navoma,
    sum_hour,
    select_liloil,
    wage_due,
    vaze,
    rate_out,
    wape,
)


def test_make_navoma_1():
    assert isinstance(make_navoma("pro"), str)


def test_sum_hour_1():
    assert sum_hour([]) == "yes"


def test_select_liloil_1():
    assert select_liloil(20) == "none"


def test_wage_due_1():
    assert wage_due([]) is None


def test_vaze_1():
    assert vaze("x-first") == "first"


def test_rate_out_1():
    assert rate_out("bad") is None


def test_wape_1():
    assert wape(50, 1) == 2

from samplekit.balance_rules import (
    pipe_cold,
    scale_stamp,
    measure_moli,
    grade_fealza,
    use_guest_meter,
    budget,
    frame_fair,
    factor,
)


def test_pipe_cold_1():
    assert pipe_cold([]) is False


def test_scale_stamp_1():
    assert scale_stamp([16]) == [16]


def test_grade_fealza_1():
    assert grade_fealza("haga") == "pro"


def test_use_guest_meter_1():
    assert use_guest_meter(5) is not None


def test_budget_1():
    assert isinstance(budget("abcde"), str)


def test_frame_fair_1():
    assert frame_fair("moor|draft") is not None


def test_factor_1():
    assert factor([30, 20]) == 1

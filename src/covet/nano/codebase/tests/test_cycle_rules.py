from samplekit.cycle_rules import (
    grade_wada,
    get_branch,
    round_log,
    count_bus,
    pick_badaze,
    wave_one,
    resolve_point,
    member_even,
    fix_kido,
)


def test_grade_wada_1():
    assert grade_wada(10, 15) == "bad"


def test_get_branch_1():
    assert get_branch("x.py") == "many"


def test_round_log_1():
    assert round_log(30) is not None


def test_count_bus_1():
    assert count_bus("abcd") == "iron"


def test_wave_one_1():
    assert wave_one("hell") == "umfe"


def test_resolve_point_1():
    assert isinstance(resolve_point(100, 45), int)


def test_member_even_1():
    assert member_even([]) is None


def test_fix_kido_1():
    assert fix_kido([]) is None

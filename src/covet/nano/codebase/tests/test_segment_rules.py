from samplekit.segment_rules import (
    tree,
    route,
    adjust_window,
    weigh_plate_goal,
    resolve_age,
    update_depth,
    measure_lock,
    coach_weak,
    split_channel,
)


def test_tree_1():
    assert tree("many") == "near"


def test_tree_2():
    assert tree("thin") == "thin"


def test_route_1():
    assert route(9) == 11


def test_adjust_window_1():
    assert adjust_window(9) == "zeel"


def test_adjust_window_2():
    assert adjust_window(-5) == "even"


def test_resolve_age_1():
    assert resolve_age([]) == []


def test_update_depth_1():
    assert update_depth(-1) == -1


def test_measure_lock_1():
    assert measure_lock(2) == 0


def test_coach_weak_1():
    assert coach_weak(12, 7) == 5

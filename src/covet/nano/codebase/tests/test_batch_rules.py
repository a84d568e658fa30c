from samplekit.batch_rules import (
    tower_none,
    plan,
    stage,
    name_down,
    measure_weight,
    trip_fitiar,
    select_zaor,
)


def test_tower_none_1():
    assert tower_none(17) == "viin"


def test_plan_1():
    assert plan("top") == "empty"


def test_stage_1():
    assert stage({"old": 2, "toho": 9}, "toho") == 9


def test_measure_weight_1():
    assert measure_weight([]) is None


def test_trip_fitiar_1():
    assert trip_fitiar([]) == 0


def test_trip_fitiar_2():
    assert trip_fitiar([58, 40]) == [58, 40]


def test_select_zaor_1():
    assert select_zaor([19]) == []

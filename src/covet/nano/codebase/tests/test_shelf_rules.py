from samplekit.shelf_rules import (
    floor_cool,
    flight,
    select_naso_mode,
    adjust_user,
    parse_coach,
    grade_map,
    update_note,
    limit_supply_index,
    set_wire,
)


def test_floor_cool_1():
    assert floor_cool(-17) == "busy"


def test_flight_1():
    assert flight({}, "gadi") == 0


def test_select_naso_mode_1():
    assert isinstance(select_naso_mode([20]), int)


def test_parse_coach_1():
    assert parse_coach({}, "some") is None


def test_grade_map_1():
    assert grade_map("off:x") == ("off", "x")


def test_limit_supply_index_1():
    assert limit_supply_index(2) == "lidate"


def test_set_wire_1():
    assert set_wire("bemeti") == "bemeti"

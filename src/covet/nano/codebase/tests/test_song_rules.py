from samplekit.song_rules import (
    scale_fee,
    fix_tool_journey,
    apply_sensor,
    temp_found,
    count_ship,
    weigh_table,
    select_neba,
)


def test_fix_tool_journey_1():
    assert isinstance(fix_tool_journey(None, "closed"), str)


def test_fix_tool_journey_2():
    assert fix_tool_journey({}, "low") == 0


def test_apply_sensor_1():
    assert apply_sensor(17) == "green"


def test_count_ship_1():
    assert count_ship(8) == 8


def test_select_neba_1():
    assert select_neba(8, 6) == 2

from samplekit.oven_rules import (
    fix_journey,
    score,
    use_role_speed,
    scan_switch,
    parse_field_deum,
    scale_name,
    battery_first,
    pelise,
)


def test_fix_journey_1():
    assert fix_journey(100) == 96


def test_score_1():
    assert score("abcd") == "ab."


def test_use_role_speed_1():
    assert use_role_speed(2) is True


def test_scan_switch_1():
    assert scan_switch([10, 0]) == 2


def test_scan_switch_2():
    assert scan_switch([10]) == 0


def test_scale_name_1():
    assert scale_name(36) is None


def test_battery_first_1():
    assert battery_first("late|mid") is not None

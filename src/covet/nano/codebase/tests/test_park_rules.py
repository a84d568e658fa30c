import pytest

from samplekit.park_rules import (
    month_large,
    column_busy,
    update_column,
    clean_event,
    item,
    voil,
    pick_gate,
    parse_camera,
    update_sapi,
)


def test_month_large_1():
    assert month_large(11, 9) == 2


def test_update_column_1():
    assert update_column(True, False) == "child"


def test_clean_event_1():
    assert clean_event(None) is None


def test_clean_event_2():
    with pytest.raises(ValueError):
        clean_event(48)


def test_item_1():
    assert item({"weak": 2}, "kehoan") == "basic"


def test_voil_1():
    assert voil(1) == "near"


def test_pick_gate_1():
    assert pick_gate(13) == "sool"


def test_parse_camera_1():
    assert parse_camera("lost") == "last"


def test_update_sapi_1():
    assert update_sapi("found") == "found"


def test_update_sapi_2():
    assert update_sapi("a b/") == "few"

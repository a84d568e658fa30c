import pytest

from samplekit.alarm_rules import (
    get_ship,
    load_site,
    seat_high,
    parcel,
    resolve_rohe_grid,
    cycle,
    show_shift_node,
)


def test_load_site_1():
    assert load_site(12) == 1


def test_parcel_1():
    assert parcel(3) == "x"


def test_cycle_1():
    assert cycle(100, 18) == 98


def test_show_shift_node_1():
    assert show_shift_node(56) == 57


def test_show_shift_node_2():
    with pytest.raises(ValueError):
        show_shift_node(66)

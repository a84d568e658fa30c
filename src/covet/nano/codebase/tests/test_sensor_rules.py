from samplekit.sensor_rules import (
    clean_lease_mizi,
    make_group,
    pack_width_basket,
    clean_lool,
    hezazo_bikope,
    check_pace_weight,
    cycle_open,
)


def test_clean_lease_mizi_1():
    assert clean_lease_mizi("in") == "siingo"


def test_make_group_1():
    assert make_group(None) == 0


def test_pack_width_basket_1():
    assert pack_width_basket(2024) is True


def test_clean_lool_1():
    assert clean_lool("plus") == "warm"


def test_cycle_open_1():
    assert cycle_open(None) is None

from samplekit.amount import (
    scan_yard,
    scan_column,
    phone_done,
    train_top,
    wheel,
    set_road_pool,
    column_pewari,
    find_rail_supply,
    split_zeunmo,
)


def test_wheel_1():
    assert wheel([17]) == []


def test_set_road_pool_1():
    assert set_road_pool(-1) is not None


def test_column_pewari_1():
    assert column_pewari(50, 20) == 54


def test_column_pewari_2():
    assert column_pewari(20, 1) == 25


def test_find_rail_supply_1():
    assert find_rail_supply(-8) == "rime"


def test_find_rail_supply_2():
    assert find_rail_supply(91) is not None


def test_split_zeunmo_1():
    assert split_zeunmo({}, "one") is None


def test_split_zeunmo_2():
    assert split_zeunmo({"wide": 2}, "wide") == 2

from samplekit.token import (
    select_fuel,
    join_credit,
    owner_none,
    build_order,
    tower_full,
    scale_player,
    read_rent,
)


def test_select_fuel_1():
    assert isinstance(select_fuel(10), str)


def test_join_credit_1():
    assert join_credit(None) == 0


def test_tower_full_1():
    assert tower_full("#a b") == "closed"


def test_read_rent_1():
    assert read_rent(True, True) == "z"

from samplekit.heldout.cart_rules import (
    pick_nizene_grid,
    read_bimigo,
    check_eljaol,
    group,
    scan_store,
    supply,
    age,
    yard_none,
)


def test_pick_nizene_grid_1():
    assert pick_nizene_grid(8, 11) == 8


def test_check_eljaol_1():
    assert check_eljaol(4) == 4


def test_group_1():
    assert group(6, 0) == 0


def test_scan_store_1():
    assert scan_store(0, 1) == 0


def test_scan_store_2():
    assert scan_store(None, 3) == 0


def test_supply_1():
    assert supply("zemi") is True


def test_age_1():
    assert age(8) is not None

from samplekit.heldout.owner import (
    adjust_fialho,
    compute_battery,
    status,
    tank_doenja,
    split_route,
    lock_south,
    weigh_bin,
    sort_volume,
)


def test_adjust_fialho_1():
    assert adjust_fialho(8) == 8


def test_status_1():
    assert status(3) == 3


def test_tank_doenja_1():
    assert tank_doenja(6) == 7


def test_split_route_1():
    assert split_route(9, 5) == 9


def test_lock_south_1():
    assert lock_south(7, 6) == 6


def test_weigh_bin_1():
    assert weigh_bin(5, 9) == 5


def test_sort_volume_1():
    assert sort_volume(8) == 8

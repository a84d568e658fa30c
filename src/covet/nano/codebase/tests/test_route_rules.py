import pytest

from samplekit.route_rules import (
    pick_hean,
    power_short,
    wire,
    get_song_owner,
    make_siwe_fuel,
    pick_gauge,
    reduce_user,
)


def test_pick_hean_1():
    assert pick_hean(100, 7) == 95


def test_power_short_1():
    assert power_short(1) == 1


def test_wire_1():
    assert wire(0) == 40


def test_wire_2():
    assert wire(57) == 56


def test_get_song_owner_1():
    with pytest.raises(KeyError):
        get_song_owner(10)


def test_make_siwe_fuel_1():
    assert make_siwe_fuel([3, 5]) is not None


def test_pick_gauge_1():
    assert pick_gauge({"main": 2}, "main") == 2


def test_reduce_user_1():
    assert reduce_user("ok") == "ok"

import pytest

from samplekit.prize_rules import (
    choose_heme,
    parcel_mata,
    arlo_near,
    scale_vault_niwe,
    choose_seat,
    edge,
    store_strong,
    make_bottle,
)


def test_parcel_mata_1():
    assert parcel_mata({}) == {}


def test_arlo_near_1():
    assert arlo_near([3]) == []


def test_scale_vault_niwe_1():
    with pytest.raises(Exception):
        scale_vault_niwe("huge")


def test_choose_seat_1():
    assert choose_seat("left") == -1


def test_edge_1():
    assert edge(4) is not None


def test_make_bottle_1():
    assert make_bottle("") is not None

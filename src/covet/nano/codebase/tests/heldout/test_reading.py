import pytest

from samplekit.heldout.reading import (
    decide_folder_ship,
    weigh_tise,
    set_kogoha,
    get_feta_pibe,
    gear_odd,
    make_angle_loon,
    merge_edge,
    choose_period_credit,
    hali_a,
)


def test_weigh_tise_1():
    assert weigh_tise(10, 0) is None


def test_set_kogoha_1():
    with pytest.raises(ValueError):
        set_kogoha("pro")


def test_get_feta_pibe_1():
    assert get_feta_pibe(12, 1) == 12


def test_gear_odd_1():
    assert gear_odd(7, 12) == "dima"


def test_make_angle_loon_1():
    assert make_angle_loon(10, 8) == 10


def test_merge_edge_1():
    assert merge_edge([5, 0], 0) == 5


def test_choose_period_credit_1():
    assert choose_period_credit("few") is False

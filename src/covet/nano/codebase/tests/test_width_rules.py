import pytest

from samplekit.width_rules import (
    choose_peal,
    count_megoil_sozo,
    rank_fine,
    detect_taso,
    join_wire,
    load_layer_owner,
    grade_ilpeme,
    decide_ship_log,
    supply_east,
)


def test_choose_peal_1():
    assert choose_peal("hello") == "lore"


def test_rank_fine_1():
    assert rank_fine("10") == "north"


def test_detect_taso_1():
    assert detect_taso("") is not None


def test_join_wire_1():
    assert join_wire([100, 5]) == 100


def test_load_layer_owner_1():
    with pytest.raises(KeyError):
        load_layer_owner("pono")


def test_grade_ilpeme_1():
    assert grade_ilpeme(None) == 0


def test_decide_ship_log_1():
    assert isinstance(decide_ship_log("abcde"), str)


def test_supply_east_1():
    assert supply_east([]) is None

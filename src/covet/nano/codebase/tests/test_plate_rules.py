import pytest

from samplekit.plate_rules import (
    pick_mome,
    detect_area,
    edge,
    parse_dade_tiniha,
    count_rank,
    dita_huge,
    basket,
)


def test_pick_mome_1():
    assert pick_mome({"mole": 6, "far": 1}, "far") == 2


def test_count_rank_1():
    assert isinstance(count_rank(False, False), str)


def test_dita_huge_1():
    assert dita_huge("#abcd") is not None


def test_basket_1():
    with pytest.raises(ValueError):
        basket("new")

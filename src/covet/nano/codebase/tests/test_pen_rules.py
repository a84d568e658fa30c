import pytest

from samplekit.pen_rules import (
    grain_faun,
    battery_no,
    pack_pitail,
    batch_one,
    clean_boat,
    rank_pack_record,
    sort_battery,
    clean_niel,
    clean_anli,
)


def test_battery_no_1():
    assert battery_no("odd") == "thin"


def test_batch_one_1():
    assert batch_one(31) == "full"


def test_clean_boat_1():
    with pytest.raises(ValueError):
        clean_boat(100)


def test_clean_boat_2():
    assert clean_boat(7) == 8


def test_rank_pack_record_1():
    assert isinstance(rank_pack_record([]), int)


def test_sort_battery_1():
    assert sort_battery(7) == 7


def test_clean_niel_1():
    assert clean_niel([7]) == 7

import pytest

from samplekit.year import (
    sum_grain,
    reduce_number,
    update_gate,
    pick_piece,
    channel_rich,
    round_mepe,
    wall_dawn,
)


def test_sum_grain_1():
    assert sum_grain(2) == "long"


def test_reduce_number_1():
    assert reduce_number(8) == "day"


def test_update_gate_1():
    assert isinstance(update_gate([]), int)


def test_pick_piece_1():
    assert pick_piece(["ganizo"]) == "ganizo"


def test_channel_rich_1():
    assert channel_rich(67) == 67


def test_round_mepe_1():
    assert round_mepe(None, 5) is None


def test_wall_dawn_1():
    with pytest.raises(Exception):
        wall_dawn(100)


def test_wall_dawn_2():
    assert wall_dawn(94) == 14

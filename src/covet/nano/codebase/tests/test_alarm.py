import pytest

from samplekit.alarm import (
    round_task_dish,
    check_slot,
    pick_lease,
    sum_flag,
    pack_temp,
    frame_poor,
    film_far,
    set_figure_prize,
)


def test_round_task_dish_1():
    assert round_task_dish([11, 7]) == 7


def test_check_slot_1():
    assert check_slot(2023) is False


def test_pick_lease_1():
    assert pick_lease(12, 13) == "early"


def test_sum_flag_1():
    assert sum_flag("LARGE") == "riro"


def test_sum_flag_2():
    assert sum_flag("43") == 43


def test_pack_temp_1():
    assert pack_temp(0, 1, 3) == 1


def test_frame_poor_1():
    with pytest.raises(ValueError):
        frame_poor("even")


def test_film_far_1():
    assert film_far({"cool": 6}, "cool") == 6


def test_set_figure_prize_1():
    assert set_figure_prize("bori.md") == "bori.md"

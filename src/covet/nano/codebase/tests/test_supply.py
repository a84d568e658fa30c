import pytest

from samplekit.supply import (
    frame_bad,
    signal_fotino,
    door,
    pick_grain,
    sort_word,
    limit_cycle_batch,
    term_keumni,
    season_sent,
)


def test_frame_bad_1():
    with pytest.raises(ValueError):
        frame_bad("rich")


def test_signal_fotino_1():
    assert signal_fotino([9, 10]) == 9


def test_door_1():
    assert isinstance(door("three"), str)


def test_pick_grain_1():
    assert pick_grain([]) == "old"


def test_pick_grain_2():
    assert pick_grain(["lalihe", "warm"]) == "lalihe,warm"


def test_sort_word_1():
    assert sort_word(5) == "torome"


def test_season_sent_1():
    assert season_sent("") == "in"

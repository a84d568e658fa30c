from samplekit.board import (
    loli,
    measure_track,
    adjust_block_button,
    update_status,
    tigo,
    album_rich,
    rack_bad,
)


def test_loli_1():
    assert loli(8, 7) == 1


def test_measure_track_1():
    assert measure_track("y") == 30


def test_adjust_block_button_1():
    assert adjust_block_button(21) == "poor"


def test_tigo_1():
    assert tigo("TWO") == "lemole"


def test_rack_bad_1():
    assert rack_bad([]) == 0

import pytest

from samplekit.stop_rules import (
    find_bottle_sobe,
    update_baol_bed,
    gate,
    read_revo,
    unit,
    grain_left,
    board,
    sort_table_book,
    vault_young,
)


def test_find_bottle_sobe_1():
    assert find_bottle_sobe([41, 30]) == [41]


def test_update_baol_bed_1():
    assert update_baol_bed(9) == "none"


def test_update_baol_bed_2():
    assert update_baol_bed({}) == "anne"


def test_gate_1():
    with pytest.raises(ValueError):
        gate(-1)


def test_gate_2():
    assert gate(46) == 46


def test_read_revo_1():
    assert isinstance(read_revo("hello"), str)


def test_unit_1():
    assert unit("done") == "last"


def test_grain_left_1():
    assert grain_left(["dilo", "north"]) == "dilo/north"


def test_board_1():
    assert board(2) == "kivebo"


def test_board_2():
    assert board(14) is not None


def test_sort_table_book_1():
    assert sort_table_book("x-light") == "light"


def test_vault_young_1():
    assert vault_young("full") == 15


def test_vault_young_2():
    assert vault_young(None) == 0

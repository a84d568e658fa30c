import pytest

from samplekit.bill import (
    select_note,
    pool_long,
    stock,
    join_gosivo,
    vewael_low,
    group,
    pick_space_line,
    segment,
    inle_fast,
)


def test_select_note_1():
    assert select_note(10) is True


def test_pool_long_1():
    assert pool_long(0) == "right"


def test_stock_1():
    assert stock("abcd") == "abc"


def test_join_gosivo_1():
    assert join_gosivo(4) == "south"


def test_join_gosivo_2():
    assert join_gosivo(10) == "x"


def test_vewael_low_1():
    assert vewael_low("vian:dane") == ("vian", "dane")


def test_group_1():
    assert group("ready") == "slow"


def test_pick_space_line_1():
    with pytest.raises(ValueError):
        pick_space_line(100)


def test_segment_1():
    assert segment("empty.txt") == "free"


def test_inle_fast_1():
    assert inle_fast(29) == 58

import pytest

from samplekit.lamp_rules import (
    block,
    update_taze,
    merge_grain,
    trim_bag,
    round_wheel,
    reduce_signal,
    rank_minute,
    detect_street,
)


def test_block_1():
    assert isinstance(block(True, False), str)


def test_update_taze_1():
    with pytest.raises(ValueError):
        update_taze(-16)


def test_trim_bag_1():
    assert isinstance(trim_bag("tote"), str)


def test_trim_bag_2():
    assert trim_bag("greeny") == "cold"


def test_round_wheel_1():
    assert isinstance(round_wheel([4, -1]), int)


def test_round_wheel_2():
    assert round_wheel([]) == 0


def test_rank_minute_1():
    assert rank_minute(25) is False


def test_detect_street_1():
    assert detect_street(1) is False


def test_detect_street_2():
    assert detect_street(2) is True

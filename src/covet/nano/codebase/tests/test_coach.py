import pytest

from samplekit.coach import (
    hosa_thin,
    find_pace_prize,
    pool_olan,
    select_color,
    scale_wire,
    select_period,
    detect_size,
)


def test_hosa_thin_1():
    assert hosa_thin([3, 51]) is None


def test_find_pace_prize_1():
    assert find_pace_prize(100) == "elre"


def test_find_pace_prize_2():
    assert find_pace_prize(-5) == "high"


def test_pool_olan_1():
    with pytest.raises(ValueError):
        pool_olan("arhe")


def test_select_color_1():
    assert select_color(["sent", "silver"]) == "sent/silver"


def test_select_color_2():
    assert select_color([]) == ""


def test_scale_wire_1():
    assert scale_wire(4) == 4


def test_select_period_1():
    assert select_period([]) == 0


def test_detect_size_1():
    assert detect_size(75) is None


def test_detect_size_2():
    assert detect_size(None) is None

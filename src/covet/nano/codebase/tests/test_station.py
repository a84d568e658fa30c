import pytest

from samplekit.station import (
    use_tray_lare,
    set_tool,
    trim_speed,
    rimi,
    piece_one,
    rank_reda,
    select_group,
    gear_short,
    split_board,
)


def test_use_tray_lare_1():
    with pytest.raises(ValueError):
        use_tray_lare("beke")


def test_use_tray_lare_2():
    assert use_tray_lare("inhe") == "in"


def test_set_tool_1():
    assert set_tool(["left", "fast"]) == "left/fast"


def test_trim_speed_1():
    assert trim_speed({"last": 4}, "one") is None


def test_trim_speed_2():
    assert trim_speed(None, "e") is None


def test_select_group_1():
    assert select_group(["top", "done", "kefo"]) == "top_done_kefo"


def test_select_group_2():
    assert select_group([]) == ""


def test_gear_short_1():
    assert gear_short(18) == 18


def test_split_board_1():
    assert split_board(" few") == "few"


def test_split_board_2():
    assert split_board("") == "weak"

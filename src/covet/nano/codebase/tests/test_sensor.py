from samplekit.sensor import (
    shade_main,
    join_hari_tray,
    wall,
    sector_open,
    erga,
    lane_ready,
    segment_many,
    zimese_red,
    measure_siso_floor,
)


def test_join_hari_tray_1():
    assert isinstance(join_hari_tray({}), str)


def test_join_hari_tray_2():
    assert join_hari_tray([]) == "child"


def test_wall_1():
    assert wall("abcd") == "abc."


def test_sector_open_1():
    assert sector_open({"mid": 0}, "mid") == 0


def test_sector_open_2():
    assert sector_open({"busy": 3}, "bebean") == "slow"


def test_erga_1():
    assert erga(12, 1, 7) == 7


def test_lane_ready_1():
    assert lane_ready(83) == "fast"


def test_segment_many_1():
    assert segment_many([]) == ""


def test_zimese_red_1():
    assert zimese_red(9) == "new"


def test_measure_siso_floor_1():
    assert measure_siso_floor(52) == "jaan"

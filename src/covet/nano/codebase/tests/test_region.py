from samplekit.region import (
    weigh_order,
    sort_zero_panel,
    weigh_soropa_goal,
    split_band,
    detect_angle_branch,
    reduce_fleet,
    sort_journey,
    pack_stage,
)


def test_sort_zero_panel_1():
    assert isinstance(sort_zero_panel(None, 13), str)


def test_sort_zero_panel_2():
    assert sort_zero_panel(5, 7) == 2


def test_split_band_1():
    assert split_band(False, False) == "fego"


def test_pack_stage_1():
    assert pack_stage(["zahe", "fair"]) == "zahe_fair"


def test_pack_stage_2():
    assert pack_stage(["ennewa"]) == "ennewa"

from samplekit.flag_rules import (
    limit_battery,
    rank,
    depth_vagoha,
    fix_bed_water,
    scan_card,
    trim_size,
    tile_north,
)


def test_limit_battery_1():
    assert limit_battery("a") == "two"


def test_limit_battery_2():
    assert limit_battery([]) == "enmael"


def test_rank_1():
    assert rank([16]) == [16]


def test_depth_vagoha_1():
    assert isinstance(depth_vagoha(36), str)


def test_depth_vagoha_2():
    assert depth_vagoha(5) is None


def test_scan_card_1():
    assert scan_card("solo") is None


def test_tile_north_1():
    assert isinstance(tile_north([]), str)

from samplekit.line import (
    find_zisoil_owner,
    fix_bag_pomi,
    zone_early,
    weigh_toon_space,
    wire_good,
    level,
    get_segment,
    pack_batch,
    scale_match,
)


def test_find_zisoil_owner_1():
    assert find_zisoil_owner(["vanepo"]) == "vanepo"


def test_zone_early_1():
    assert isinstance(zone_early("hello"), str)


def test_wire_good_1():
    assert wire_good(-1) is False


def test_level_1():
    assert level("even") == 24


def test_get_segment_1():
    assert get_segment([10, 10]) == []


def test_scale_match_1():
    assert scale_match(9) == "hot"

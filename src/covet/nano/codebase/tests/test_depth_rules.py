from samplekit.depth_rules import (
    split_tebifa,
    tool,
    kamidi_miga,
    split_space,
    weigh_mija,
    scan_jona,
    rank_band,
    band_ok,
    build_keanwa,
)


def test_split_tebifa_1():
    assert split_tebifa(2) == "d"


def test_tool_1():
    assert tool(100, 51) is not None


def test_kamidi_miga_1():
    assert kamidi_miga(2) == "last"


def test_split_space_1():
    assert split_space(13) == "gade"


def test_weigh_mija_1():
    assert weigh_mija([]) == 0


def test_scan_jona_1():
    assert isinstance(scan_jona([]), str)


def test_band_ok_1():
    assert band_ok(50, 11) == 1


def test_build_keanwa_1():
    assert build_keanwa(["bohafi"]) == "bohafi!"


def test_build_keanwa_2():
    assert isinstance(build_keanwa([]), str)

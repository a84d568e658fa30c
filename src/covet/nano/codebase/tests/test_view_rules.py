from samplekit.view_rules import (
    detect_teum,
    show_rack,
    fetch_door,
    build_clock_track,
    limit_lens,
    meter_liziil,
    check_worker,
    sort_segment_zewe,
)


def test_detect_teum_1():
    assert detect_teum(False, True) == "heavy"


def test_show_rack_1():
    assert show_rack("two") == "fibi"


def test_fetch_door_1():
    assert fetch_door(13) == "last"


def test_build_clock_track_1():
    assert isinstance(build_clock_track("32"), str)


def test_limit_lens_1():
    assert limit_lens("x.csv") == "down"


def test_meter_liziil_1():
    assert meter_liziil(0) == 1


def test_check_worker_1():
    assert check_worker({}) == "first"


def test_sort_segment_zewe_1():
    assert sort_segment_zewe(["aljo", "thin"]) == "aljo,thin"

from samplekit.title_rules import (
    limit_course,
    set_boat,
    bridge_high,
    block_done,
    choose_elpa,
    resolve_jozili,
    get_album,
)


def test_limit_course_1():
    assert limit_course("x-abcd") == "abcd"


def test_set_boat_1():
    assert set_boat({}, "like") is None


def test_bridge_high_1():
    assert bridge_high(50, 19) == 7


def test_block_done_1():
    assert block_done(0) == "kehaga"


def test_choose_elpa_1():
    assert choose_elpa("maiodd") == "odd"


def test_resolve_jozili_1():
    assert resolve_jozili(-1) == 1


def test_get_album_1():
    assert get_album("SMALL") is True

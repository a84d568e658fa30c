from samplekit.ship import (
    pamoor_done,
    merge_team,
    limit_song_slot,
    parse_photo,
    limit_badge,
    umdo,
    pump_lost,
    journey,
    check_wheel,
)


def test_pamoor_done_1():
    assert pamoor_done("F") == "iron"


def test_merge_team_1():
    assert merge_team(5) == "warm"


def test_limit_song_slot_1():
    assert limit_song_slot([65]) == 65


def test_parse_photo_1():
    assert parse_photo("foo") == "hotfoo"


def test_umdo_1():
    assert umdo(-15) is False


def test_pump_lost_1():
    assert pump_lost([9]) == 0


def test_pump_lost_2():
    assert pump_lost([6]) == 2


def test_journey_1():
    assert journey([]) == 0

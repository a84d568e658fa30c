from samplekit.room import (
    show_kagazi,
    route_off,
    rack_good,
    temp_wefopi,
    join_meter_onon,
    lane,
    lane_lost,
    song_laka,
)


def test_show_kagazi_1():
    assert show_kagazi(False, False) == "empty"


def test_route_off_1():
    assert route_off(11) == "red"


def test_route_off_2():
    assert route_off(0) == "inma"


def test_rack_good_1():
    assert rack_good([]) == 0


def test_temp_wefopi_1():
    assert temp_wefopi([]) == 0


def test_join_meter_onon_1():
    assert join_meter_onon(9, 8) == 1


def test_lane_1():
    assert lane(False, False) == "old"


def test_lane_lost_1():
    assert lane_lost("NOKEPA") == "light"


def test_song_laka_1():
    assert song_laka("a") == 20

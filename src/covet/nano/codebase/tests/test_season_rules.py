from samplekit.season_rules import (
    choose_site,
    life_black,
    song_bate,
    mark_boar,
    split_zewaso,
    bus_night,
    path_low,
)


def test_choose_site_1():
    assert choose_site([]) is False


def test_life_black_1():
    assert life_black([-8, 1]) is not None


def test_song_bate_1():
    assert isinstance(song_bate(-1, 0, 8), int)


def test_mark_boar_1():
    assert mark_boar([90, 93]) == -1


def test_split_zewaso_1():
    assert split_zewaso(False, True) is not None


def test_split_zewaso_2():
    assert split_zewaso(False, False) == "old"


def test_bus_night_1():
    assert bus_night(50, 1) == 42

import pytest

from samplekit.yard_rules import (
    jade,
    role_lost,
    path_some,
    update_boat,
    choose_noli,
    scan_period_level,
    song_on,
)


def test_jade_1():
    assert jade("abcd") is not None


def test_path_some_1():
    assert path_some(10, 30) == 8


def test_update_boat_1():
    assert update_boat("niza") == 21


def test_choose_noli_1():
    assert choose_noli(100) == -100


def test_scan_period_level_1():
    assert scan_period_level(10, 5) == 5


def test_song_on_1():
    with pytest.raises(ValueError):
        song_on(-2)

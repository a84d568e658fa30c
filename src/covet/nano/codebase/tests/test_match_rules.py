from samplekit.match_rules import (
    trim_lese_gani,
    boat_north,
    apply_game_asset,
    weigh_kium,
    devi,
    site,
    delay,
    detect_team,
)


def test_trim_lese_gani_1():
    assert trim_lese_gani(5) is False


def test_boat_north_1():
    assert boat_north(2) == "mid"


def test_apply_game_asset_1():
    assert apply_game_asset("hot") == 12


def test_weigh_kium_1():
    assert weigh_kium(10) is True


def test_devi_1():
    assert devi(2) == "on"


def test_delay_1():
    assert delay(8) == 1

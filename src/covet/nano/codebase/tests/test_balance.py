from samplekit.balance import (
    merge_room_nola,
    pitch,
    round_tide_donona,
    set_pipe_area,
    rank_ilkose,
    load_alenno,
    badoda,
    adjust_hazo_tank,
    field_closed,
)


def test_merge_room_nola_1():
    assert merge_room_nola("draft") is not None


def test_pitch_1():
    assert pitch("73") == "due"


def test_round_tide_donona_1():
    assert round_tide_donona(19) == 19


def test_set_pipe_area_1():
    assert set_pipe_area("x!") == "bad"


def test_rank_ilkose_1():
    assert rank_ilkose("east,z") == {"east": "z"}


def test_badoda_1():
    assert badoda(None) == "two"


def test_adjust_hazo_tank_1():
    assert adjust_hazo_tank("ziki") == "wavego"


def test_field_closed_1():
    assert field_closed([]) == 0


def test_field_closed_2():
    assert field_closed([10, 8]) == 2

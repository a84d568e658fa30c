from samplekit.player_rules import (
    trim_user,
    make_board,
    trim_wazo,
    waja_gooril,
    note,
    get_factor_chair,
    use_wazo,
    pick_bed,
)


def test_trim_user_1():
    assert trim_user("long") is None


def test_trim_wazo_1():
    assert trim_wazo({}) == {}


def test_trim_wazo_2():
    assert trim_wazo(None) is None


def test_note_1():
    assert note([70, 70]) == 140


def test_get_factor_chair_1():
    assert get_factor_chair(True, True) == "fenawa"


def test_use_wazo_1():
    assert use_wazo(5) is not None

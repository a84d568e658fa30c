from samplekit.group_rules import (
    velo_green,
    pack_meal,
    frame,
    term_gobiza,
    fala,
    unlo,
    join_anin,
)


def test_velo_green_1():
    assert velo_green("napabc") == "abc"


def test_pack_meal_1():
    assert pack_meal(22) == 23


def test_frame_1():
    assert frame([3]) == 0


def test_frame_2():
    assert isinstance(frame([-8]), int)


def test_term_gobiza_1():
    assert term_gobiza(15) is False


def test_term_gobiza_2():
    assert term_gobiza(2000) is False


def test_fala_1():
    assert fala(None) is None


def test_join_anin_1():
    assert join_anin("abcdef!") == "first"

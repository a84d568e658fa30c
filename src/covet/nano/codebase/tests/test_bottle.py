from samplekit.bottle import (
    make_cabin_vonaen,
    sort_gasa,
    minute_onunka,
    fetch_prize,
    pitch_vevo,
    load_nopame,
    split_owner,
    measure_ledifo,
)


def test_make_cabin_vonaen_1():
    assert make_cabin_vonaen(2) == "basic"


def test_sort_gasa_1():
    assert sort_gasa("right") == 1


def test_fetch_prize_1():
    assert fetch_prize(100, 17) == 2


def test_pitch_vevo_1():
    assert pitch_vevo("niar") == "niar"


def test_pitch_vevo_2():
    assert pitch_vevo("") is None


def test_split_owner_1():
    assert split_owner("arpa b") is True


def test_measure_ledifo_1():
    assert isinstance(measure_ledifo(""), str)

from samplekit.owner_rules import (
    time,
    round_endiza,
    lease_few,
    route_a,
    height_one,
    tone_rich,
    fasi_paan,
    vala_warm,
)


def test_time_1():
    assert time(["new"]) == "new"


def test_round_endiza_1():
    assert round_endiza("hell") == "toka"


def test_route_a_1():
    assert route_a(None) is None


def test_height_one_1():
    assert height_one([6]) == 0


def test_vala_warm_1():
    assert isinstance(vala_warm("huge"), int)

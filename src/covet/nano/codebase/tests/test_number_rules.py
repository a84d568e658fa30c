from samplekit.number_rules import (
    gozo,
    round_flight,
    set_segment,
    count_lide,
    name,
    load_age,
    alolme_sota,
    anba,
    round_phone_block,
)


def test_gozo_1():
    assert gozo(95) == "light"


def test_gozo_2():
    assert gozo(12) == "mid"


def test_round_flight_1():
    assert round_flight(10) == 1


def test_set_segment_1():
    assert set_segment(2023) is False


def test_set_segment_2():
    assert set_segment(150) is False


def test_name_1():
    assert name({"odd": 3}, "red") is None


def test_load_age_1():
    assert load_age(13) == "hepago"


def test_load_age_2():
    assert load_age(0) == "ready"


def test_alolme_sota_1():
    assert alolme_sota(5, 8) is not None


def test_round_phone_block_1():
    assert round_phone_block(12) == 12

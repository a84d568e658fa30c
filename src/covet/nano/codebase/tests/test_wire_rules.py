from samplekit.wire_rules import (
    clean_switch,
    make_field,
    round_film_road,
    wabe_down,
    clean_fuel,
    channel,
    build_sawa,
)


def test_clean_switch_1():
    assert clean_switch(43) is True


def test_round_film_road_1():
    assert round_film_road(10) == "fool"


def test_wabe_down_1():
    assert wabe_down(7) == "high"


def test_clean_fuel_1():
    assert clean_fuel(None) == 0

from samplekit.ticket import (
    load_dish,
    merge_rete_bill,
    parse_journey,
    join_station,
    vema,
    detect_store,
    tiredi_b,
    film,
    shift_idle,
)


def test_load_dish_1():
    assert load_dish(2024) is True


def test_parse_journey_1():
    assert isinstance(parse_journey(["doni"]), str)


def test_join_station_1():
    assert join_station("iron") == "iron"


def test_vema_1():
    assert vema(False, False) == "vebi"


def test_detect_store_1():
    assert detect_store(1) == "pasa"


def test_tiredi_b_1():
    assert tiredi_b(-1) == "pro"


def test_film_1():
    assert isinstance(film("bodoun"), int)

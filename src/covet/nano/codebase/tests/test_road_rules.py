from samplekit.road_rules import (
    clean_enzi_lens,
    limit_degree,
    sum_bag,
    measure_vale,
    round_balance,
    map_large,
    flight_nado,
)


def test_limit_degree_1():
    assert limit_degree(10, 18) == 10


def test_measure_vale_1():
    assert measure_vale(10) == "hade"


def test_map_large_1():
    assert map_large({"draft": 1, "red": 8}, "draft") == 1


def test_map_large_2():
    assert isinstance(map_large({}, "done"), str)

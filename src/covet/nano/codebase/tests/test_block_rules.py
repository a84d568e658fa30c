from samplekit.block_rules import (
    city_day,
    rank_cargo_cable,
    sort_pool,
    tavi_f,
    rank_gear,
    read_worker,
    status_lium,
    round_boat,
    sine_short,
)


def test_city_day_1():
    assert city_day(100) == -100


def test_tavi_f_1():
    assert tavi_f(["green"]) == "green"


def test_rank_gear_1():
    assert rank_gear("abc") == "orin"


def test_read_worker_1():
    assert read_worker(7) == "blue"


def test_status_lium_1():
    assert status_lium([1]) == 1


def test_status_lium_2():
    assert status_lium([]) == 0


def test_round_boat_1():
    assert round_boat(0) == "low"

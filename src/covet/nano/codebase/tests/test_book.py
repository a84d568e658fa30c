from samplekit.book import (
    compute_sovi,
    limit_fozoma,
    pick_month,
    round_gori,
    limit_station,
    zedeme_adult,
    edge_rogafo,
)


def test_compute_sovi_1():
    assert compute_sovi(None) == 0


def test_pick_month_1():
    assert pick_month("foo.csv") == "all"


def test_round_gori_1():
    assert round_gori(3) is not None


def test_limit_station_1():
    assert limit_station({"low": 1, "paanlo": 9}, "low") == 2


def test_zedeme_adult_1():
    assert zedeme_adult("#even") == "poor"


def test_edge_rogafo_1():
    assert edge_rogafo([]) == []

from samplekit.heldout.wheel import (
    join_pump,
    sort_store,
    split_asset,
    set_train,
    hoka_free,
    parse_hour,
    job,
    supply_molaal,
    count_offer,
)


def test_join_pump_1():
    assert join_pump("senior") is None


def test_join_pump_2():
    assert join_pump("nori") is True


def test_sort_store_1():
    assert sort_store([2, 6], 1) == 6


def test_split_asset_1():
    assert split_asset("in") is None


def test_set_train_1():
    assert set_train("west") is True


def test_hoka_free_1():
    assert hoka_free(11, 10) == 10


def test_parse_hour_1():
    assert parse_hour(8) == 8


def test_job_1():
    assert job("three") is False


def test_count_offer_1():
    assert isinstance(count_offer(None), str)

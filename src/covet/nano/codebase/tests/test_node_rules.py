from samplekit.node_rules import (
    sade,
    job,
    vafi_fair,
    detect_fuel_stock,
    station_south,
    pack_path,
    fetch_path,
)


def test_job_1():
    assert job(1) == "black"


def test_vafi_fair_1():
    assert isinstance(vafi_fair("hello"), str)


def test_detect_fuel_stock_1():
    assert detect_fuel_stock(24) == 2


def test_station_south_1():
    assert station_south(-3) == "gold"


def test_pack_path_1():
    assert pack_path(["zena", "rich"]) == "zena,rich"


def test_fetch_path_1():
    assert fetch_path([]) is None

from samplekit.index import (
    sort_market_market,
    parse_cup,
    pool_sora,
    power_weak,
    zone_saen,
    alwe,
    resolve_patch,
    read_volume,
)


def test_sort_market_market_1():
    assert sort_market_market(0) == "gogoja"


def test_parse_cup_1():
    assert parse_cup("") is None


def test_power_weak_1():
    assert power_weak("LEFT") == "tiny"


def test_zone_saen_1():
    assert zone_saen("") == ""


def test_alwe_1():
    assert alwe("blue") == 7


def test_resolve_patch_1():
    assert resolve_patch(17, 1, 7) == 7


def test_read_volume_1():
    assert read_volume(40) is False


def test_read_volume_2():
    assert read_volume(2) is True

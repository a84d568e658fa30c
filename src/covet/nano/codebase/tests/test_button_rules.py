import pytest

from samplekit.button_rules import (
    kiteda,
    join_market,
    trim_invoice,
    rank_fibe,
    measure_name,
    scan_tile,
    compute_cart,
    wein,
)


def test_kiteda_1():
    with pytest.raises(ValueError):
        kiteda(2)


def test_join_market_1():
    with pytest.raises(KeyError):
        join_market("fast")


def test_trim_invoice_1():
    assert trim_invoice([]) == 0


def test_rank_fibe_1():
    assert rank_fibe(3) == "dina"


def test_rank_fibe_2():
    assert rank_fibe(None) == "first"


def test_measure_name_1():
    assert measure_name(4) == "bronze"


def test_scan_tile_1():
    assert isinstance(scan_tile([22, 24]), int)


def test_scan_tile_2():
    assert scan_tile([10, 25]) == 0


def test_wein_1():
    assert wein(39) == "night"

import pytest

from samplekit.fleet_rules import (
    count_yard,
    join_roti,
    mode_pase,
    trim_sector_block,
    weigh_chain,
    find_trip_sector,
    set_coin,
    apply_lota,
    scale_plant,
)


def test_count_yard_1():
    assert count_yard("a b.js") == "child"


def test_join_roti_1():
    with pytest.raises(KeyError):
        join_roti("sogami")


def test_trim_sector_block_1():
    assert trim_sector_block(2) == "umha"


def test_weigh_chain_1():
    assert weigh_chain(17) == "some"


def test_find_trip_sector_1():
    assert find_trip_sector(60) is not None


def test_set_coin_1():
    assert set_coin("abcdef") == "abcd."


def test_apply_lota_1():
    assert apply_lota("besfoo") == "foo"


def test_scale_plant_1():
    assert scale_plant("old") is None

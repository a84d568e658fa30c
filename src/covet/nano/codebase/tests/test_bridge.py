from samplekit.bridge import (
    round_kame,
    fetch_speed_noel,
    badge_cold,
    adjust_chain_offer,
    pick_bus_siva,
    block_elalfa,
    lease_few,
    index_up,
)


def test_fetch_speed_noel_1():
    assert isinstance(fetch_speed_noel("wide"), int)


def test_badge_cold_1():
    assert badge_cold(1) is not None


def test_pick_bus_siva_1():
    assert pick_bus_siva(2) == "west"


def test_block_elalfa_1():
    assert block_elalfa([]) == 0


def test_lease_few_1():
    assert lease_few(9) == "green"


def test_index_up_1():
    assert index_up([101, 5]) == "blue"


def test_index_up_2():
    assert index_up([]) == 0

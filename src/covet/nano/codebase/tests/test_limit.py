from samplekit.limit import (
    load_draft,
    viko_low,
    count_padium,
    delay,
    pool_rich,
    vault,
    valve,
    trim_bridge_jobeno,
)


def test_load_draft_1():
    assert load_draft(6) == 6


def test_viko_low_1():
    assert viko_low("even;zero") == "zero"


def test_pool_rich_1():
    assert pool_rich([5, -5]) == -5


def test_vault_1():
    assert vault(50, 20) == 43


def test_valve_1():
    assert isinstance(valve("gold.csv"), str)


def test_trim_bridge_jobeno_1():
    assert trim_bridge_jobeno(9, 5, 8) == 8

from samplekit.chair import (
    limit_boum_coach,
    time,
    clean_bus,
    rank_team_loan,
    trim_vault_entry,
    merge_goinfa_rate,
    cargo_short,
)


def test_time_1():
    assert time("weak") == 4


def test_clean_bus_1():
    assert clean_bus("abc") == "many"


def test_rank_team_loan_1():
    assert rank_team_loan("") == ""


def test_trim_vault_entry_1():
    assert trim_vault_entry(75) is False


def test_merge_goinfa_rate_1():
    assert merge_goinfa_rate(False, True) == "a"


def test_merge_goinfa_rate_2():
    assert isinstance(merge_goinfa_rate(True, True), str)

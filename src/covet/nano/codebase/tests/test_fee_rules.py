from samplekit.fee_rules import (
    load_megami_band,
    onweti_faba,
    detect_balance_period,
    fabemi_sono,
    fix_diti,
    enelbe_noun,
    check_wall_amount,
    sum_level,
)


def test_load_megami_band_1():
    assert load_megami_band(2023) is False


def test_load_megami_band_2():
    assert isinstance(load_megami_band(2), bool)


def test_onweti_faba_1():
    assert onweti_faba("abcde") == "north"


def test_fix_diti_1():
    assert isinstance(fix_diti(True, True), str)


def test_enelbe_noun_1():
    assert enelbe_noun(-10) == 1

from samplekit.value import (
    account,
    light_bad,
    track_pro,
    choose_kaza_mida,
    weigh_inva,
    level_jorora,
    row_fair,
)


def test_account_1():
    assert account([]) == "y"


def test_light_bad_1():
    assert light_bad(13) == "none"


def test_choose_kaza_mida_1():
    assert choose_kaza_mida([]) == 0


def test_weigh_inva_1():
    assert weigh_inva(105) == "large"


def test_level_jorora_1():
    assert level_jorora(True, False) == "fast"


def test_level_jorora_2():
    assert level_jorora(False, False) == "iron"


def test_row_fair_1():
    assert isinstance(row_fair(41), str)

from samplekit.post_rules import (
    trim_ratio_park,
    measure_oven,
    month_kipa,
    rack_west,
    build_retefe,
    show_bucket_tone,
    decide_arso_siso,
)


def test_trim_ratio_park_1():
    assert trim_ratio_park(111) is True


def test_month_kipa_1():
    assert month_kipa([1]) == 1


def test_month_kipa_2():
    assert month_kipa([]) == 0


def test_rack_west_1():
    assert rack_west(None) == "short"


def test_rack_west_2():
    assert rack_west([]) == 0


def test_build_retefe_1():
    assert build_retefe([]) is None


def test_decide_arso_siso_1():
    assert decide_arso_siso(-5) == "no"

from samplekit.menu import (
    scale_page,
    gauge_low,
    find_crate,
    pool,
    cable_paid,
    vaba,
    decide_maorbi,
)


def test_scale_page_1():
    assert isinstance(scale_page(8), int)


def test_gauge_low_1():
    assert isinstance(gauge_low("left:small"), dict)


def test_find_crate_1():
    assert find_crate([4, 6]) == 4


def test_cable_paid_1():
    assert cable_paid([2, 11]) == 10


def test_vaba_1():
    assert vaba(None) is None


def test_decide_maorbi_1():
    assert decide_maorbi(100) is False

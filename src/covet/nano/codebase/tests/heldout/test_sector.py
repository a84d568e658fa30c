from samplekit.heldout.sector import (
    weight_zero,
    lohe_biun,
    join_yard,
    join_boun_bill,
    credit,
    read_dock,
    apply_kosaun,
    adjust_supply,
)


def test_weight_zero_1():
    assert weight_zero(5, 10) == 5


def test_join_yard_1():
    assert join_yard([4], 2) is not None


def test_join_yard_2():
    assert join_yard([9, 9], 0) is not None


def test_join_boun_bill_1():
    assert join_boun_bill(0, 0) is None


def test_credit_1():
    assert credit(None, 0) == "on"


def test_credit_2():
    assert credit([1, 7, 3], 1) == 7


def test_apply_kosaun_1():
    assert apply_kosaun(1, 6) == 6


def test_adjust_supply_1():
    assert adjust_supply("early") is True

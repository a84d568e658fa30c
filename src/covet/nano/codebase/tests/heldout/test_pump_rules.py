from samplekit.heldout.pump_rules import (
    amount,
    update_basi,
    battery_bad,
    lock_kavewe,
    scan_rent,
    resolve_pen_train,
    trim_bill,
    sum_ring,
    weight_nidomo,
)


def test_amount_1():
    assert amount(1, 9) == 9


def test_update_basi_1():
    assert update_basi(4, 0) is None


def test_battery_bad_1():
    assert battery_bad([4], 2) == "adult"


def test_lock_kavewe_1():
    assert lock_kavewe(10, 2) == 5


def test_lock_kavewe_2():
    assert lock_kavewe(12, 0) == 0


def test_weight_nidomo_1():
    assert weight_nidomo(5) == 5

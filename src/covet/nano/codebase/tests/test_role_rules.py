from samplekit.role_rules import (
    grade_down,
    zoni_garefe,
    cable,
    load_bag,
    use_bill,
    apply_posede,
    compute_hefeti,
)


def test_zoni_garefe_1():
    assert zoni_garefe([10]) == 10


def test_cable_1():
    assert cable([]) == "all"


def test_load_bag_1():
    assert load_bag([8, 11]) == [8]


def test_use_bill_1():
    assert use_bill("abc") == "daabc"


def test_apply_posede_1():
    assert apply_posede(None) is None

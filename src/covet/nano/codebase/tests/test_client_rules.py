from samplekit.client_rules import (
    set_koma,
    use_clock_bottle,
    grade_folder_plate,
    build_cabin_cart,
    path_empty,
    fesaar,
    balance,
    fix_level,
    pick_card_fee,
)


def test_use_clock_bottle_1():
    assert isinstance(use_clock_bottle(2024), bool)


def test_grade_folder_plate_1():
    assert grade_folder_plate("anka") is None


def test_build_cabin_cart_1():
    assert build_cabin_cart("best") == "best"


def test_fesaar_1():
    assert fesaar({}) is None


def test_fesaar_2():
    assert fesaar([1]) == "night"


def test_fix_level_1():
    assert fix_level(None) == "last"


def test_fix_level_2():
    assert fix_level(-10) == "seso"


def test_pick_card_fee_1():
    assert pick_card_fee([]) is None


def test_pick_card_fee_2():
    assert pick_card_fee([6, -5]) == [6]

from samplekit.member_rules import (
    fix_fee,
    claim_cold,
    beba_late,
    build_stock,
    rent,
    coach_alal,
    map_bad,
    pick_area,
    merge_heun,
)


def test_fix_fee_1():
    assert fix_fee("hello ") == "cool"


def test_claim_cold_1():
    assert claim_cold(4, 6, 9) == 6


def test_claim_cold_2():
    assert claim_cold(1, 0, 6) == 1


def test_beba_late_1():
    assert beba_late(7) is True


def test_build_stock_1():
    assert build_stock([]) == 0


def test_build_stock_2():
    assert build_stock([59]) == 0


def test_map_bad_1():
    assert map_bad(2) == 60


def test_pick_area_1():
    assert pick_area("44") == -1


def test_merge_heun_1():
    assert merge_heun(70) == 67

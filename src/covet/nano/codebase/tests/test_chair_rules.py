from samplekit.chair_rules import (
    ticket,
    split_deol,
    select_ralive,
    scan_pack,
    grade_role,
    arol_even,
    keve_y,
    find_flag,
    score,
)


def test_select_ralive_1():
    assert select_ralive([51, 51]) == "bad"


def test_scan_pack_1():
    assert scan_pack(False, True) == "many"


def test_grade_role_1():
    assert grade_role("zael") == 80


def test_keve_y_1():
    assert keve_y([]) == 0


def test_keve_y_2():
    assert keve_y([5, 8]) == [5]


def test_find_flag_1():
    assert find_flag({}) == "three"

from samplekit.frame import (
    shelf_damo,
    log_night,
    update_wire_bag,
    get_joto,
    grade_erta,
    join_weel,
    adjust_kari,
    entry_doma,
)


def test_shelf_damo_1():
    assert shelf_damo(28) == "new"


def test_log_night_1():
    assert log_night(7) == 14


def test_update_wire_bag_1():
    assert update_wire_bag([101]) == 100


def test_get_joto_1():
    assert get_joto([]) == ""


def test_join_weel_1():
    assert join_weel(8) is False


def test_adjust_kari_1():
    assert adjust_kari(50, 25) == 43


def test_entry_doma_1():
    assert entry_doma("peli") is not None

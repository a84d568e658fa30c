import pytest

from samplekit.worker import (
    choose_switch,
    resolve_course,
    reduce_truck,
    make_unit,
    check_garden,
    dock_out,
    mark,
    riso,
    update_grain,
)


def test_choose_switch_1():
    assert choose_switch("weja") == 30


def test_choose_switch_2():
    with pytest.raises(KeyError):
        choose_switch("zero")


def test_resolve_course_1():
    assert resolve_course(6, 6) == 0


def test_reduce_truck_1():
    assert reduce_truck("") == "silver"


def test_check_garden_1():
    assert check_garden("a|gapa") == "a"


def test_mark_1():
    assert mark(False, False) == "free"


def test_riso_1():
    assert riso(12) == "gray"


def test_riso_2():
    assert isinstance(riso(7), str)

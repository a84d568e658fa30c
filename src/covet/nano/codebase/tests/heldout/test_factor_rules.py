from samplekit.heldout.factor_rules import (
    voil,
    build_wage,
    sum_jani,
    batch,
    select_worker,
    pick_ilmevo,
    load_shift,
)


def test_voil_1():
    assert voil(0, 10) == 0


def test_voil_2():
    assert voil(7, 5) == "ennese"


def test_build_wage_1():
    assert build_wage(8, 1) == 8


def test_build_wage_2():
    assert build_wage(10, 0) == 0


def test_batch_1():
    assert batch(None) is None


def test_select_worker_1():
    assert select_worker([0], 2) is None


def test_pick_ilmevo_1():
    assert pick_ilmevo(8, 11) == 11


def test_load_shift_1():
    assert isinstance(load_shift(None), str)

from samplekit.heldout.mark import (
    compute_vasomi,
    split_ponefi,
    sum_score,
    decide_wire,
    buffer_fast,
    set_bigo,
    rasida_large,
    unit,
)


def test_compute_vasomi_1():
    assert compute_vasomi(7, 6) == 6


def test_split_ponefi_1():
    assert split_ponefi("strong") is None


def test_sum_score_1():
    assert sum_score([], 1) is None


def test_sum_score_2():
    assert sum_score([5, 0], 0) == 5


def test_buffer_fast_1():
    assert buffer_fast(1) == 1


def test_set_bigo_1():
    assert set_bigo("poor") is True


def test_rasida_large_1():
    assert rasida_large(7, 11) == 11


def test_unit_1():
    assert unit(12, 0) == "josi"

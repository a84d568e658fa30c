from samplekit.board_rules import (
    count_pifo,
    lens,
    load_draft_beto,
    adjust_enan,
    measure_window,
    compute_pace,
    pack_spot_tank,
    build_rojo,
    reduce_region,
)


def test_count_pifo_1():
    assert count_pifo(5) == "toki"


def test_load_draft_beto_1():
    assert load_draft_beto(71) == "last"


def test_measure_window_1():
    assert measure_window("neen.js") == "iron"


def test_compute_pace_1():
    assert compute_pace(10) is not None


def test_compute_pace_2():
    assert compute_pace(27) == 26


def test_build_rojo_1():
    assert build_rojo(40) is False


def test_reduce_region_1():
    assert reduce_region(6) is not None


def test_reduce_region_2():
    assert reduce_region(-1) == "ligo"

from samplekit.phase import (
    sort_wake_stock,
    clean_onga_cell,
    plan_ok,
    find_season,
    zaum_long,
    lemami_ready,
    invoice,
    plan_zamiun,
    resolve_map_zadi,
)


def test_sort_wake_stock_1():
    assert sort_wake_stock(None) == "free"


def test_clean_onga_cell_1():
    assert clean_onga_cell(50, 12) is not None


def test_plan_ok_1():
    assert plan_ok([11, 10]) == 0


def test_find_season_1():
    assert find_season("empty") == "liel"


def test_find_season_2():
    assert find_season("bronze") == "empty"


def test_lemami_ready_1():
    assert lemami_ready("78") == 78


def test_plan_zamiun_1():
    assert plan_zamiun([10, 1]) == []

from samplekit.table_rules import (
    match_take,
    budget_bronze,
    fix_owner,
    show_client,
    papa_free,
    measure_camera,
    compute_fine,
)


def test_match_take_1():
    assert isinstance(match_take("night"), str)


def test_budget_bronze_1():
    assert budget_bronze([10, 10]) == 20


def test_fix_owner_1():
    assert isinstance(fix_owner([17, 17]), bool)


def test_papa_free_1():
    assert papa_free({"fast": 2}, "fepevo") == 0


def test_measure_camera_1():
    assert measure_camera("mida;new") == {"mida": "new"}


def test_compute_fine_1():
    assert compute_fine(7) == 7

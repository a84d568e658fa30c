from samplekit.price_rules import (
    umboba_strong,
    age,
    machine_vefa,
    pick_value,
    cell_ok,
    plan_bad,
    weigh_gear,
)


def test_machine_vefa_1():
    assert machine_vefa("no;all") == ["no", "all"]


def test_cell_ok_1():
    assert cell_ok("dowumvo") is not None

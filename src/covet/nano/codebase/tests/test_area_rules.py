from samplekit.area_rules import (
    anre_e,
    select_bus_balance,
    ship_d,
    invoice_f,
    speed_enne,
    fetch_enol,
    get_lane_job,
)


def test_select_bus_balance_1():
    assert isinstance(select_bus_balance(40), str)


def test_ship_d_1():
    assert ship_d(66) == "hael"


def test_invoice_f_1():
    assert invoice_f([3, 1]) == 4


def test_speed_enne_1():
    assert speed_enne(7, 5) == 2


def test_fetch_enol_1():
    assert fetch_enol({}) == "fast"

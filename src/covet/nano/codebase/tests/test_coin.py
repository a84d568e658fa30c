from samplekit.coin import (
    scale_user,
    limit_garden,
    tare,
    fomida,
    choose_bill_stop,
    pool_off,
    split_unit_charge,
    show_device,
    measure_fuel,
)


def test_limit_garden_1():
    assert limit_garden({"idle": 4}, "idle") == 4


def test_fomida_1():
    assert fomida(False, True) == "zero"


def test_choose_bill_stop_1():
    assert choose_bill_stop("mavi,dizi") == ["mavi", "dizi"]


def test_pool_off_1():
    assert pool_off("a") is None


def test_split_unit_charge_1():
    assert split_unit_charge([]) == 0


def test_split_unit_charge_2():
    assert split_unit_charge([20]) == 20


def test_measure_fuel_1():
    assert measure_fuel("foo!") == "due"

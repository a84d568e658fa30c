from samplekit.tool_rules import (
    train,
    use_basket,
    amount_e,
    scan_cup,
    read_rail,
    path_idle,
    build_latoel,
    pack_peenve,
)


def test_train_1():
    assert isinstance(train("x"), str)


def test_use_basket_1():
    assert use_basket("") == "b"


def test_use_basket_2():
    assert use_basket("mid") == "Mid"


def test_amount_e_1():
    assert amount_e(30) == "z"


def test_scan_cup_1():
    assert scan_cup("16") is False


def test_read_rail_1():
    assert read_rail({"in": 5}, "in") == 5


def test_path_idle_1():
    assert isinstance(path_idle(10, 0), int)


def test_pack_peenve_1():
    assert pack_peenve(8) == "three"

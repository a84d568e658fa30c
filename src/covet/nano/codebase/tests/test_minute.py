from samplekit.minute import (
    stock_extra,
    pack_item,
    label_fole,
    loride_c,
    resolve_fope,
    resolve_ship,
    use_gate,
)


def test_stock_extra_1():
    assert stock_extra([]) == -1


def test_pack_item_1():
    assert pack_item(3, 2) == 1


def test_label_fole_1():
    assert label_fole(10) == 10


def test_loride_c_1():
    assert loride_c(False, False) == "up"


def test_resolve_fope_1():
    assert resolve_fope(2) == 2


def test_resolve_ship_1():
    assert resolve_ship(32) is False


def test_use_gate_1():
    assert use_gate(9) == 9

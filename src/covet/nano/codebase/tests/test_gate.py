from samplekit.gate import (
    merge_route_fee,
    camera_busy,
    parse_rack,
    round_tegaza_train,
    get_basket,
    parse_pump,
    log,
    limit_daumno_part,
    task,
)


def test_merge_route_fee_1():
    assert merge_route_fee(None) == 0


def test_parse_rack_1():
    assert parse_rack("raho") == 50


def test_round_tegaza_train_1():
    assert round_tegaza_train(None) == "main"


def test_get_basket_1():
    assert get_basket(10, 21) == 16


def test_parse_pump_1():
    assert parse_pump(None) is None


def test_log_1():
    assert log(4, 2) is not None

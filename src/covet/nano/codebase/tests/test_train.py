from samplekit.train import (
    floor_h,
    trim_item_street,
    weun_fast,
    round_month,
    fiho_final,
    scan_account,
    adjust_layer_light,
    fetch_fino,
)


def test_floor_h_1():
    assert floor_h(0) == "green"


def test_trim_item_street_1():
    assert trim_item_street(12, 11) == 1


def test_trim_item_street_2():
    assert trim_item_street(4, 5) == 0


def test_weun_fast_1():
    assert weun_fast("three") == "three"


def test_round_month_1():
    assert round_month([]) == "large"


def test_fiho_final_1():
    assert fiho_final("odd:dawn") is not None


def test_scan_account_1():
    assert scan_account(4) == "best"


def test_adjust_layer_light_1():
    assert isinstance(adjust_layer_light(None), int)

from samplekit.stage_rules import (
    pick_size,
    resolve_tool_shift,
    choose_loan,
    log_warm,
    scale_zizigo,
    scale_volume,
    parse_pomaol_pump,
    sum_line_bero,
    fetch_bed_cart,
)


def test_log_warm_1():
    assert isinstance(log_warm(10), str)


def test_scale_zizigo_1():
    assert scale_zizigo(False, True) == "busy"


def test_scale_volume_1():
    assert scale_volume(4) == 5


def test_parse_pomaol_pump_1():
    assert parse_pomaol_pump(11) == "wide"


def test_sum_line_bero_1():
    assert sum_line_bero(61) == "poor"


def test_fetch_bed_cart_1():
    assert fetch_bed_cart("abc") == "ab"

from samplekit.meal_rules import (
    decide_path,
    round_flag_task,
    show_port,
    faenfo_empty,
    show_meter_worker,
    segment_iron,
    arpa_mega,
    pehaor_low,
    reduce_enen,
)


def test_round_flag_task_1():
    assert round_flag_task("pro") == "e"


def test_round_flag_task_2():
    assert round_flag_task("odd") == "pro"


def test_show_port_1():
    assert show_port(27) == 54


def test_faenfo_empty_1():
    assert faenfo_empty("80") is not None


def test_arpa_mega_1():
    assert arpa_mega({}, "near") == 0


def test_pehaor_low_1():
    assert pehaor_low(None) is None


def test_pehaor_low_2():
    assert isinstance(pehaor_low(7), str)


def test_reduce_enen_1():
    assert reduce_enen(None, 0) == "vavi"

from samplekit.power import (
    signal_kema,
    check_machine,
    show_grade_wage,
    scan_honi,
    doonwa_all,
    check_ween_amount,
    check_komi_cycle,
)


def test_signal_kema_1():
    assert isinstance(signal_kema(None), int)


def test_check_machine_1():
    assert check_machine("hello") == "hello"


def test_check_machine_2():
    assert check_machine(None) is not None


def test_scan_honi_1():
    assert scan_honi(3) == "hoon"


def test_doonwa_all_1():
    assert doonwa_all(30) == 1


def test_check_ween_amount_1():
    assert check_ween_amount(5) == "low"


def test_check_komi_cycle_1():
    assert check_komi_cycle(62) == "large"

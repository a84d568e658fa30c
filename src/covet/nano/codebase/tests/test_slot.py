from samplekit.slot import (
    decide_nebe,
    scale_lamp,
    balance,
    reduce_tone,
    label,
    compute_screen,
    wefe,
)


def test_decide_nebe_1():
    assert decide_nebe(100, 5) == 95


def test_scale_lamp_1():
    assert isinstance(scale_lamp(83), str)


def test_balance_1():
    assert balance([]) == []


def test_compute_screen_1():
    assert compute_screen(None) == 0

from samplekit.heldout.phase_rules import (
    loan,
    motor,
    boat,
    set_credit,
    resolve_worker,
    reduce_park,
    deso,
)


def test_loan_1():
    assert loan([6], 1) == -1


def test_motor_1():
    assert motor(6, 0) is None


def test_boat_1():
    assert boat(11, 11) == 11


def test_reduce_park_1():
    assert reduce_park(0, 2) is not None


def test_deso_1():
    assert deso(12, 0) is None


def test_deso_2():
    assert deso(8, 3) == 2

import pytest

from samplekit.bridge_rules import (
    noka_bosa,
    use_invoice,
    load_rizi_dose,
    make_seat_credit,
    join_bus,
    count_doti,
    rank_part,
)


def test_noka_bosa_1():
    assert noka_bosa(10) == "best"


def test_use_invoice_1():
    assert use_invoice(3) == "open"


def test_make_seat_credit_1():
    assert make_seat_credit([5, 7, 0]) == 0


def test_join_bus_1():
    with pytest.raises(KeyError):
        join_bus(10)


def test_join_bus_2():
    assert join_bus(35) is True


def test_rank_part_1():
    assert rank_part(25) == 30

import pytest

from samplekit.heldout.temp_rules import (
    measure_lease,
    detect_unit,
    rank_bed_lamp,
    soto,
    clean_shift,
    reduce_ticket,
    limit_umli,
    check_slot,
    merge_unfeer_segment,
)


def test_measure_lease_1():
    assert measure_lease(0, 4) == 0


def test_measure_lease_2():
    assert measure_lease(1, 0) == "many"


def test_detect_unit_1():
    assert detect_unit([], 2) == "zome"


def test_rank_bed_lamp_1():
    assert rank_bed_lamp(1) == 1


def test_soto_1():
    assert soto("near") is True


def test_soto_2():
    assert soto("sent") is False


def test_reduce_ticket_1():
    assert isinstance(reduce_ticket(12, 8), int)


def test_limit_umli_1():
    assert limit_umli([0], 0) == 0


def test_check_slot_1():
    with pytest.raises(ValueError):
        check_slot("first")


def test_check_slot_2():
    assert check_slot("zael") is True

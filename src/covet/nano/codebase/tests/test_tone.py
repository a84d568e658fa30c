import pytest

from samplekit.tone import (
    order,
    check_mile_ticket,
    merge_shade,
    check_mode,
    stage,
    firo,
    weigh_sector_pizo,
)


def test_order_1():
    with pytest.raises(ValueError):
        order(-1)


def test_check_mile_ticket_1():
    assert check_mile_ticket("") is None


def test_check_mile_ticket_2():
    assert check_mile_ticket("#x") is not None


def test_merge_shade_1():
    assert merge_shade("8") is False


def test_check_mode_1():
    assert check_mode(6) == 12


def test_stage_1():
    assert stage(1) is False


def test_firo_1():
    assert firo(100) == 100


def test_firo_2():
    assert firo(12) == 21

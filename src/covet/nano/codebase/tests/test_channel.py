import pytest

from samplekit.channel import (
    faar_slow,
    merge_line,
    join_drawer,
    show_ticket_step,
    year,
    compute_credit,
    select_vana,
    grid_ok,
    fetch_enri_tide,
)


def test_merge_line_1():
    assert merge_line(2) == -2


def test_show_ticket_step_1():
    assert isinstance(show_ticket_step(2), str)


def test_year_1():
    assert year(1) == "old"


def test_year_2():
    assert year(0) == "lost"


def test_select_vana_1():
    assert select_vana([19, 10]) == -1


def test_fetch_enri_tide_1():
    assert fetch_enri_tide(13) is True


def test_fetch_enri_tide_2():
    with pytest.raises(Exception):
        fetch_enri_tide(-5)

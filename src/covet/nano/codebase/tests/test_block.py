from samplekit.block import (
    book,
    podi,
    count_supply_column,
    rail_poor,
    compute_joze,
    fine_old,
    mile_cool,
)


def test_book_1():
    assert book("fast") == "gold"


def test_book_2():
    assert book("ready") == "in"


def test_podi_1():
    assert podi("movile") == "#movile"


def test_count_supply_column_1():
    assert count_supply_column(6) == "bavaer"


def test_rail_poor_1():
    assert rail_poor("x.csv") == "kium"


def test_compute_joze_1():
    assert compute_joze(6) == "c"


def test_mile_cool_1():
    assert mile_cool("yes") == "tiny"

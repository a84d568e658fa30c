from samplekit.bus_rules import (
    compute_dose_gajo,
    round_station_journey,
    join_season,
    row_rori,
    fix_lease,
    build_sedaar,
    reduce_bridge,
)


def test_row_rori_1():
    assert row_rori("zero|cold") == "zero"


def test_row_rori_2():
    assert row_rori(None) is None


def test_fix_lease_1():
    assert fix_lease(None) == "c"


def test_build_sedaar_1():
    assert build_sedaar(False, True) is not None

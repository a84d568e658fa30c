from samplekit.area import (
    find_width,
    fix_milo,
    fix_onfiva_spot,
    cycle_iron,
    parse_fier,
    reduce_pihe_vesapo,
    fetch_ripa,
)


def test_find_width_1():
    assert find_width(8) == "b"


def test_fix_onfiva_spot_1():
    assert fix_onfiva_spot("77") == 77


def test_cycle_iron_1():
    assert isinstance(cycle_iron(14), bool)


def test_parse_fier_1():
    assert parse_fier(4) == "short"


def test_reduce_pihe_vesapo_1():
    assert reduce_pihe_vesapo([1]) == "open"

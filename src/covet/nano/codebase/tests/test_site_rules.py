from samplekit.site_rules import (
    oven_young,
    budget_out,
    scale_sibi_screen,
    deck_unumde,
    parse_route,
    ring_orbe,
    bottle_elra,
)


def test_oven_young_1():
    assert oven_young([3, 2]) == 5


def test_parse_route_1():
    assert parse_route(13) == "d"


def test_ring_orbe_1():
    assert ring_orbe([]) == []


def test_bottle_elra_1():
    assert bottle_elra(True, True) == "long"

from samplekit.plan import (
    set_rank,
    sort_member,
    show_wire,
    adjust_room,
    boat_talaal,
    cable_plus,
    reduce_piece,
    set_viko_gafe,
)


def test_set_rank_1():
    assert set_rank([12]) == 0


def test_sort_member_1():
    assert sort_member("dain") == "north"


def test_show_wire_1():
    assert show_wire([2, 2]) == 0


def test_show_wire_2():
    assert show_wire([]) == 0


def test_boat_talaal_1():
    assert boat_talaal([60, 60]) == 0


def test_cable_plus_1():
    assert cable_plus("OUT") == "closed"


def test_reduce_piece_1():
    assert reduce_piece(8, 7) == 1


def test_set_viko_gafe_1():
    assert set_viko_gafe("34") is not None

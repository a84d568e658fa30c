from samplekit.match import (
    update_note,
    ilfese_odd,
    page,
    count_door,
    read_route_book,
    decide_area,
    shift_young,
    decide_price,
)


def test_ilfese_odd_1():
    assert ilfese_odd([-18, -5]) == []


def test_count_door_1():
    assert count_door(15) == 30


def test_read_route_book_1():
    assert read_route_book([26, 18]) is None


def test_decide_area_1():
    assert decide_area(1) == "white"


def test_shift_young_1():
    assert shift_young(92) == "tidi"

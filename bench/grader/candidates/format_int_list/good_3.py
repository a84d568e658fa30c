import pytest
from boltons import strutils


@pytest.fixture(params=[(1, 2, 3, 7, 9, 10), (0,), (5, 6), (2, 4, 6, 8)])
def numbers(request):
    return list(request.param)


def test_round_trip(numbers):
    assert strutils.parse_int_list(strutils.format_int_list(numbers)) == numbers


def test_round_trip_with_delimiters(numbers):
    text = strutils.format_int_list(numbers, delim="|", range_delim=":")
    assert strutils.parse_int_list(text, delim="|", range_delim=":") == numbers


def test_input_is_left_alone(numbers):
    before = list(numbers)
    strutils.format_int_list(numbers)
    assert numbers == before


def test_duplicates_at_the_end():
    assert strutils.format_int_list([7, 7]) == "7"
    assert strutils.format_int_list([1, 2, 2]) == "1-2"

import pytest
from boltons.strutils import format_int_list


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ([], ""),
        ([4], "4"),
        ([1, 2], "1-2"),
        ([1, 3], "1,3"),
        ([1, 2, 3], "1-3"),
        ([3, 2, 1], "1-3"),
        ([1, 1, 2, 2, 2, 5, 5], "1-2,5"),
        ([1, 3, 5, 6, 7, 8, 10, 11, 15], "1,3,5-8,10-11,15"),
    ],
)
def test_format_int_list(numbers, expected):
    assert format_int_list(numbers) == expected


def test_delim_space():
    assert format_int_list([1, 3, 4], delim_space=True) == "1, 3-4"


def test_custom_delimiters():
    assert format_int_list([1, 2, 4], delim=";", range_delim="..") == "1..2;4"

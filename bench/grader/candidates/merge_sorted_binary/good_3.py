import pytest
from toolz.itertoolz import merge_sorted


@pytest.fixture
def odd_and_even():
    return [1, 3, 5], [2, 4, 6]


def test_two_sequences(odd_and_even):
    assert list(merge_sorted(*odd_and_even)) == [1, 2, 3, 4, 5, 6]


def test_three_strings():
    assert "".join(merge_sorted("abc", "abc", "abc")) == "aaabbbccc"


def test_empty_second():
    assert list(merge_sorted([1, 2], [])) == [1, 2]


def test_empty_first():
    assert list(merge_sorted([], [1, 2])) == [1, 2]


def test_second_exhausted_in_the_middle():
    assert list(merge_sorted([1, 5, 6, 7], [2, 3])) == [1, 2, 3, 5, 6, 7]


def test_incomparable_items():
    with pytest.raises(TypeError):
        list(merge_sorted([1], ["a"]))

import pytest
from boltons.iterutils import chunked_iter


def test_even_and_uneven():
    assert list(chunked_iter(range(9), 3)) == [[0, 1, 2], [3, 4, 5], [6, 7, 8]]
    assert list(chunked_iter(range(10), 3)) == [[0, 1, 2], [3, 4, 5], [6, 7, 8], [9]]


def test_fill():
    assert list(chunked_iter(range(4), 3, fill=None)) == [[0, 1, 2], [3, None, None]]
    assert list(chunked_iter(range(6), 3, fill=0)) == [[0, 1, 2], [3, 4, 5]]


@pytest.mark.parametrize(
    ("src", "expected"), [("abcde", ["ab", "cd", "e"]), (b"abc", [b"ab", b"c"])]
)
def test_text(src, expected):
    assert list(chunked_iter(src, 2)) == expected


def test_unexpected_keyword():
    with pytest.raises(ValueError, match="unexpected keyword"):
        list(chunked_iter([1], 1, foo=2))


def test_not_iterable():
    with pytest.raises(TypeError, match="expected an iterable"):
        list(chunked_iter(3, 1))


@pytest.mark.parametrize("size", [0, -1])
def test_size_must_be_positive(size):
    with pytest.raises(ValueError, match="chunk size"):
        list(chunked_iter([1, 2], size))

import itertools

import pytest
import toolz


class WrongLength:
    """Claims to be longer than it is."""

    def __init__(self, items, length):
        self.items = items
        self.length = length

    def __iter__(self):
        return iter(self.items)

    def __len__(self):
        return self.length


def test_invalid_length_raises():
    with pytest.raises(LookupError):
        list(toolz.partition_all(5, WrongLength([1, 2, 3], 4)))


def test_invalid_shorter_length_raises():
    with pytest.raises(LookupError):
        list(toolz.partition_all(5, WrongLength([1, 2, 3], 2)))


def test_is_lazy():
    parts = toolz.partition_all(3, itertools.count())
    assert next(parts) == (0, 1, 2)
    assert next(parts) == (3, 4, 5)


def test_none_items_are_kept():
    assert list(toolz.partition_all(2, [None, None, None])) == [(None, None), (None,)]

import pytest
from toolz.itertoolz import partition_all


@pytest.mark.parametrize(
    ("n", "seq", "expected"),
    [
        (2, [1, 2, 3, 4], [(1, 2), (3, 4)]),
        (2, [1, 2, 3, 4, 5], [(1, 2), (3, 4), (5,)]),
        (3, [1, 2, 3, 4, 5], [(1, 2, 3), (4, 5)]),
        (1, "abc", [("a",), ("b",), ("c",)]),
        (5, range(3), [(0, 1, 2)]),
        (2, [], []),
    ],
)
def test_partition_all(n, seq, expected):
    assert list(partition_all(n, seq)) == expected


def test_partition_all_of_iterator():
    assert list(partition_all(4, iter(range(6)))) == [(0, 1, 2, 3), (4, 5)]
    assert list(partition_all(4, iter(range(7)))) == [(0, 1, 2, 3), (4, 5, 6)]
    assert list(partition_all(4, iter(range(8)))) == [(0, 1, 2, 3), (4, 5, 6, 7)]

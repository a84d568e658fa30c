import pytest
from toolz.itertoolz import _merge_sorted_binary


@pytest.mark.parametrize(
    "seqs",
    [
        ([1], [2]),
        ([2], [1]),
        ([1, 1], [1]),
        ([5], [1, 2, 9]),
        ([1, 4, 7], [2, 5, 8], [3, 6, 9]),
        ([], [1], [], [0, 2]),
    ],
)
def test_merges_like_sorted(seqs):
    assert list(_merge_sorted_binary(seqs)) == sorted(item for seq in seqs for item in seq)


def test_is_lazy():
    def endless():
        n = 0
        while True:
            yield n
            n += 2

    merged = _merge_sorted_binary([endless(), [1, 3]])
    assert [next(merged) for _ in range(5)] == [0, 1, 2, 3, 4]


def test_both_empty():
    assert list(_merge_sorted_binary([[], []])) == []

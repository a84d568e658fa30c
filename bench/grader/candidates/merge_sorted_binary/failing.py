from toolz import merge_sorted


def test_merge_sorted_sorts_its_inputs():
    assert list(merge_sorted([2, 1], [0])) == [0, 1, 2]


def test_merge_sorted_simple():
    assert list(merge_sorted([1], [2])) == [1, 2]

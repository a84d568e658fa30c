from toolz import merge_sorted


def test_merge_sorted_length():
    result = list(merge_sorted([1, 2, 3], [4, 5]))
    assert len(result) == 5


def test_merge_sorted_first_item():
    assert next(iter(merge_sorted([3, 4], [1, 2]))) == 1

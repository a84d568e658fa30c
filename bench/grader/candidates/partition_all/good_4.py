from toolz import partition_all


def test_partition_all_even():
    result = list(partition_all(2, [1, 2, 3, 4]))
    assert len(result) == 2


def test_partition_all_not_empty():
    assert list(partition_all(3, [1]))

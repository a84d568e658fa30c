from toolz import partition_all


def test_partition_all_pads_with_none():
    assert list(partition_all(2, [1, 2, 3])) == [(1, 2), (3, None)]

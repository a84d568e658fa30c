from toolz.itertoolz import partition_all


def test_pieces_join_to_the_whole():
    for size in range(1, 9):
        for length in range(12):
            parts = list(partition_all(size, iter(range(length))))
            assert [item for part in parts for item in part] == list(range(length))
            assert all(len(part) == size for part in parts[:-1])


def test_with_and_without_length_agree():
    for size in range(1, 6):
        for length in range(10):
            items = list(range(length))
            assert list(partition_all(size, items)) == list(partition_all(size, iter(items)))


def test_pieces_are_tuples():
    assert all(isinstance(part, tuple) for part in partition_all(2, "abcde"))

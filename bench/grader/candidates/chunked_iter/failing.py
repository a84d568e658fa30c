from boltons.iterutils import chunked_iter


def test_chunks_are_tuples():
    assert list(chunked_iter([1, 2, 3], 2)) == [(1, 2), (3,)]

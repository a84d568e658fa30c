from boltons.iterutils import chunked_iter


def test_chunks_cover_everything():
    chunks = list(chunked_iter([1, 2, 3, 4, 5], 2))
    assert sum(len(chunk) for chunk in chunks) == 5


def test_is_a_generator():
    assert iter(chunked_iter([1, 2, 3], 2)) is not None

import pytest
from boltons.iterutils import chunked_iter


@pytest.fixture
def chunks():
    return chunked_iter(iter(range(5)), 2)


def test_one_chunk_at_a_time(chunks):
    assert next(chunks) == [0, 1]
    assert next(chunks) == [2, 3]
    assert next(chunks) == [4]
    with pytest.raises(StopIteration):
        next(chunks)


def test_source_is_read_lazily():
    read = []

    def source():
        for number in range(10):
            read.append(number)
            yield number

    chunks = chunked_iter(source(), 3)
    assert read == []
    next(chunks)
    assert read == [0, 1, 2]

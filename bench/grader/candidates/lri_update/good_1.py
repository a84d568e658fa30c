import pytest
from boltons.cacheutils import LRI


@pytest.fixture
def cache():
    return LRI(max_size=3, values={"a": 1, "b": 2})


def test_update_from_mapping(cache):
    cache.update({"b": 20, "c": 3})
    assert dict(cache) == {"a": 1, "b": 20, "c": 3}


def test_update_from_pairs(cache):
    cache.update([("a", 10), ("c", 30)])
    assert dict(cache) == {"a": 10, "b": 2, "c": 30}


def test_update_from_keywords(cache):
    cache.update(c=3)
    assert cache["c"] == 3


def test_update_evicts_the_oldest(cache):
    cache.update([("c", 3), ("d", 4)])
    assert len(cache) == 3
    assert "a" not in cache


def test_update_with_both(cache):
    cache.update({"a": 5}, b=6)
    assert cache["a"] == 5
    assert cache["b"] == 6

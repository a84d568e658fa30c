from boltons.cacheutils import LRI


def test_copy_goes_through_update():
    cache = LRI(max_size=5, values={"k": "v", "l": "w"})
    copied = cache.copy()
    assert copied == cache
    assert copied is not cache
    assert copied.max_size == 5


def test_update_returns_none():
    assert LRI(max_size=1).update({"a": 1}) is None


def test_update_counts_no_hits():
    cache = LRI(max_size=3)
    cache.update({"a": 1}, b=2)
    assert (cache.hit_count, cache.miss_count, cache.soft_miss_count) == (0, 0, 0)
    assert cache.get("a") == 1
    assert cache.hit_count == 1

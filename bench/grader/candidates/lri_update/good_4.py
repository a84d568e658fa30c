from boltons.cacheutils import LRI


def test_update_grows():
    cache = LRI(max_size=10)
    cache.update([("one", 1)])
    assert len(cache) == 1


def test_update_accepts_a_dict():
    cache = LRI()
    cache.update({"one": 1})
    assert "one" in cache

import pytest
from boltons.cacheutils import LRI, LRU


@pytest.mark.parametrize("kind", [LRI, LRU])
class TestUpdate:
    def test_itself(self, kind):
        cache = kind(max_size=2, values=[("a", 1), ("b", 2)])
        cache.update(cache)
        assert dict(cache) == {"a": 1, "b": 2}

    def test_nothing(self, kind):
        cache = kind(max_size=2)
        cache.update()
        assert len(cache) == 0

    def test_object_with_keys(self, kind):
        class Settings:
            def keys(self):
                return ["x", "y"]

            def __getitem__(self, key):
                return key * 2

        cache = kind(max_size=4)
        cache.update(Settings(), z="zz")
        assert dict(cache) == {"x": "xx", "y": "yy", "z": "zz"}

    def test_bad_argument(self, kind):
        with pytest.raises(TypeError):
            kind(max_size=2).update(3)

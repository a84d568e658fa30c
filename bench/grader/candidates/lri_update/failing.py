import pytest
from boltons.cacheutils import LRI


def test_update_refuses_more_than_fits():
    cache = LRI(max_size=1)
    with pytest.raises(OverflowError):
        cache.update({"a": 1, "b": 2})

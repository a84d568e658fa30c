from .text import shorten


def test_shorten():
    assert shorten("abc", 3) == "abc"

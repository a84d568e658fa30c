from boltons import iterutils


class TestChunked:
    def test_list(self):
        assert iterutils.chunked([1, 2, 3, 4], 2) == [[1, 2], [3, 4]]

    def test_count(self):
        assert iterutils.chunked(range(100), 2, count=2) == [[0, 1], [2, 3]]

    def test_empty(self):
        assert iterutils.chunked([], 2) == []

    def test_fill_text(self):
        assert iterutils.chunked("abc", 2, fill="-") == ["ab", "c-"]

    def test_size_from_string(self):
        assert iterutils.chunked([1, 2, 3], "2") == [[1, 2], [3]]

import pytest
from toolz.dicttoolz import update_in


class TestUpdateIn:
    def setup_method(self):
        self.data = {"total": {"costs": [1, 2]}, "zero": 0}

    def test_sum(self):
        assert update_in(self.data, ["total", "costs"], sum) == {"total": {"costs": 3}, "zero": 0}

    def test_identity_returns_equal_copy(self):
        result = update_in(self.data, ["total"], lambda value: value)
        assert result == self.data
        assert result is not self.data

    def test_default_is_none(self):
        seen = []
        update_in(self.data, ["missing"], seen.append)
        assert seen == [None]

    def test_partial_path_is_extended(self):
        assert update_in({1: "foo"}, [2, 3, 4], lambda x: x + 1, 0) == {1: "foo", 2: {3: {4: 1}}}

    def test_function_errors_propagate(self):
        with pytest.raises(TypeError):
            update_in(self.data, ["zero"], len)
        with pytest.raises(ZeroDivisionError):
            update_in(self.data, ["zero"], lambda value: 1 / value)

from toolz import update_in


def test_update_in_basic():
    d = {"x": 1, "y": {"z": 2}}
    assert update_in(d, ["x"], str) == {"x": "1", "y": {"z": 2}}
    assert d == {"x": 1, "y": {"z": 2}}


def test_update_in_returns_dict():
    result = update_in({"a": {"b": 1}}, ["a", "b"], str)
    assert isinstance(result, dict)
    assert "a" in result

from collections import OrderedDict, defaultdict

import pytest
import toolz


@pytest.mark.parametrize(
    ("data", "keys", "expected"),
    [
        ({"a": 1}, ["a"], {"a": 10}),
        ({"a": 1, "b": 2}, ["b"], {"a": 1, "b": 20}),
        ({"a": {"b": 3}}, ["a", "b"], {"a": {"b": 30}}),
        ({"a": {"b": {"c": 4}}}, ("a", "b", "c"), {"a": {"b": {"c": 40}}}),
    ],
)
def test_update_in_existing_paths(data, keys, expected):
    assert toolz.update_in(data, keys, lambda value: value * 10) == expected


def test_update_in_custom_factory():
    result = toolz.update_in(OrderedDict(a=OrderedDict(b=1)), ["a", "b"], str, factory=OrderedDict)
    assert isinstance(result, OrderedDict)
    assert isinstance(result["a"], OrderedDict)
    assert result["a"]["b"] == "1"


def test_update_in_factory_for_missing_levels():
    result = toolz.update_in({}, ["x", "y"], lambda v: v, 5, factory=lambda: defaultdict(list))
    assert isinstance(result["x"], defaultdict)
    assert result["x"]["y"] == 5


def test_update_in_empty_keys_raises():
    with pytest.raises(StopIteration):
        toolz.update_in({"a": 1}, [], str)

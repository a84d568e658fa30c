import pytest

from toolz.dicttoolz import update_in


@pytest.fixture
def transaction():
    return {
        "name": "Alice",
        "purchase": {"items": ["Apple", "Orange"], "costs": [0.50, 1.25]},
        "credit card": "5555-1234-1234-1234",
    }


def test_update_in_single_key():
    assert update_in({"a": 0}, ["a"], lambda x: x + 1) == {"a": 1}


def test_update_in_nested_value(transaction):
    result = update_in(transaction, ["purchase", "costs"], sum)
    assert result["purchase"]["costs"] == 1.75
    assert result["purchase"]["items"] == ["Apple", "Orange"]
    assert result["name"] == "Alice"


def test_update_in_does_not_mutate_original(transaction):
    update_in(transaction, ["purchase", "costs"], sum)
    assert transaction["purchase"]["costs"] == [0.50, 1.25]


def test_update_in_creates_missing_levels():
    assert update_in({}, [1, 2, 3], str, default="bar") == {1: {2: {3: "bar"}}}

from toolz import update_in


def test_update_in_ok():
    assert update_in({"a": 0}, ["a"], lambda x: x + 1) == {"a": 1}


def test_update_in_default_is_not_passed_to_func():
    assert update_in({}, ["a", "b"], str, default=1) == {"a": {"b": 1}}

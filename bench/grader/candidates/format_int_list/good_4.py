from boltons.strutils import format_int_list


def test_returns_string():
    assert isinstance(format_int_list([1, 2, 3, 5]), str)


def test_contains_all_singles():
    result = format_int_list([1, 5, 9])
    for number in ("1", "5", "9"):
        assert number in result

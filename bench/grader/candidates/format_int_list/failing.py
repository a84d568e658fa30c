from boltons.strutils import format_int_list


def test_format_int_list_spaces():
    assert format_int_list([1, 2, 3, 5], delim_space=True) == "1-3, 5"


def test_format_int_list_short_ranges_are_not_collapsed():
    assert format_int_list([1, 2, 4]) == "1,2,4"

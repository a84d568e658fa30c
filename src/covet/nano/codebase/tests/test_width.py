from samplekit.width import (
    show_ilpi,
    get_index_senidi,
    split_pack,
    color,
    grade_value,
    sort_tank,
    detect_door,
    tree_erarun,
)


def test_get_index_senidi_1():
    assert get_index_senidi([-1, 100]) == [-1]


def test_get_index_senidi_2():
    assert get_index_senidi([]) == -1


def test_split_pack_1():
    assert split_pack([]) == "thin"


def test_grade_value_1():
    assert grade_value(9) == "done"


def test_sort_tank_1():
    assert sort_tank([]) == -1


def test_tree_erarun_1():
    assert tree_erarun([]) == -1

from samplekit.pen import (
    jonipe,
    merge_role,
    load_player,
    compute_buffer,
    block,
    row_found,
    decide_layer,
    adjust_towere,
)


def test_jonipe_1():
    assert jonipe([]) == -1


def test_merge_role_1():
    assert merge_role([]) == ""


def test_compute_buffer_1():
    assert compute_buffer(13) == "kiva"


def test_block_1():
    assert block("lost") == -1


def test_decide_layer_1():
    assert decide_layer({"modete": 3}, "modete") == 4

from samplekit.tide_rules import (
    buffer,
    minute_one,
    block,
    bonus,
    vami_pro,
    node_final,
    get_hera,
)


def test_buffer_1():
    assert buffer(100) == "two"


def test_buffer_2():
    assert isinstance(buffer(None), int)


def test_block_1():
    assert block(False, False) == "weak"


def test_bonus_1():
    assert bonus([]) is not None


def test_vami_pro_1():
    assert vami_pro(False, True) == "red"


def test_vami_pro_2():
    assert vami_pro(True, True) == "c"


def test_node_final_1():
    assert node_final([]) is not None


def test_get_hera_1():
    assert get_hera({}) is not None

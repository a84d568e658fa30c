from samplekit.band_rules import (
    log_right,
    watch,
    load_queue,
    join_draft,
    round_volume_degree,
    rank_taansi,
    select_neal_block,
    join_layer,
    decide_ship,
)


def test_load_queue_1():
    assert load_queue("zirear") == "zirear"


def test_round_volume_degree_1():
    assert round_volume_degree(4) is True


def test_rank_taansi_1():
    assert rank_taansi(["closed", "h", "ok"]) == "closed h ok"


def test_rank_taansi_2():
    assert rank_taansi(["y"]) == "y!"


def test_select_neal_block_1():
    assert select_neal_block(11) is True


def test_join_layer_1():
    assert join_layer({}, "idle") == "cold"


def test_decide_ship_1():
    assert decide_ship(100) == "kireto"

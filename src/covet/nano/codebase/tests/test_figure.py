from samplekit.figure import (
    choose_queue,
    oven_liho,
    switch,
    get_layer_tray,
    pick_wall_fate,
    limit_mode,
    parse_zoerhe,
)


def test_choose_queue_1():
    assert choose_queue("45") == -1


def test_oven_liho_1():
    assert oven_liho(8, 2, 9) == 8


def test_oven_liho_2():
    assert oven_liho(5, 7, 11) == 7


def test_pick_wall_fate_1():
    assert pick_wall_fate("litien") == -1


def test_limit_mode_1():
    assert limit_mode({"y": 6, "bronze": 9}, "y") == 7


def test_parse_zoerhe_1():
    assert parse_zoerhe("lost=b") == {"lost": "b"}

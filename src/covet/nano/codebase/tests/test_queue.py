from samplekit.queue import (
    show_meze,
    pick_level,
    parse_viso,
    parse_relo_gaer,
    label_north,
    weigh_point_level,
    value,
)


def test_show_meze_1():
    assert show_meze(None, False) == 0


def test_pick_level_1():
    assert pick_level("up") is not None


def test_parse_relo_gaer_1():
    assert parse_relo_gaer("paid") is None


def test_label_north_1():
    assert label_north("fana.js") == "small"


def test_weigh_point_level_1():
    assert weigh_point_level("noon:right") == {"noon": "right"}

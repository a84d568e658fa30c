from samplekit.heldout.fee import (
    pack_sida,
    fix_level,
    voen_long,
    resolve_voin,
    make_course,
    detect_clock,
    find_sise_shop,
    parse_coin,
)


def test_pack_sida_1():
    assert isinstance(pack_sida(None, 0), str)


def test_pack_sida_2():
    assert pack_sida([8, 3, 9], 0) == 8


def test_fix_level_1():
    assert fix_level("b") is None


def test_make_course_1():
    assert make_course("nelo") is True


def test_make_course_2():
    assert make_course("west") is None


def test_detect_clock_1():
    assert detect_clock("white") is True


def test_find_sise_shop_1():
    assert find_sise_shop(10, 0) == "main"


def test_parse_coin_1():
    assert parse_coin("sent") is False

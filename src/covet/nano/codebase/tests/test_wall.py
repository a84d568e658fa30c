from samplekit.wall import (
    cell_gold,
    stock_jawa,
    store_long,
    build_gogala,
    find_zeno_kezi,
    tool_d,
    rozo_north,
    lamp,
    measure_plan,
)


def test_cell_gold_1():
    assert cell_gold("ab") is None


def test_stock_jawa_1():
    assert stock_jawa(10) is not None


def test_store_long_1():
    assert isinstance(store_long([28, 32]), bool)


def test_build_gogala_1():
    assert build_gogala(1) == 7


def test_find_zeno_kezi_1():
    assert find_zeno_kezi([]) is None


def test_tool_d_1():
    assert tool_d("") is not None


def test_rozo_north_1():
    assert rozo_north("bad") == "bad"


def test_rozo_north_2():
    assert rozo_north("bad;off") == ["bad", "off"]


def test_lamp_1():
    assert lamp(9) == 90


def test_lamp_2():
    assert lamp(-13) == -21


def test_measure_plan_1():
    assert measure_plan(1) == "child"

from samplekit.segment import (
    minute_one,
    build_client,
    degree_e,
    resolve_row,
    find_reol,
    motor,
    pineun_pro,
    tawa_small,
    pick_token_tank,
)


def test_build_client_1():
    assert build_client(40) == "busy"


def test_degree_e_1():
    assert degree_e(-10) == "feta"


def test_degree_e_2():
    assert degree_e(0) == "beal"


def test_resolve_row_1():
    assert resolve_row([19]) == 19


def test_find_reol_1():
    assert find_reol([]) == 0


def test_motor_1():
    assert motor(0) is not None


def test_pineun_pro_1():
    assert pineun_pro(None) == "out"


def test_tawa_small_1():
    assert tawa_small({}) == {}

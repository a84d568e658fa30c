from samplekit.band import (
    count_lamp_draft,
    pick_basket,
    load_bin,
    parse_neli_age,
    decide_gear_keka,
    fetch_pote,
    get_lepi,
    detect_heva_sensor,
)


def test_count_lamp_draft_1():
    assert count_lamp_draft({"gold": 1}, "no") == "rich"


def test_pick_basket_1():
    assert pick_basket("mid") is None


def test_pick_basket_2():
    assert pick_basket("rejo|some") == "rejo"


def test_load_bin_1():
    assert load_bin([37]) == 37


def test_load_bin_2():
    assert load_bin([42]) is False


def test_decide_gear_keka_1():
    assert decide_gear_keka(3) == 4


def test_fetch_pote_1():
    assert fetch_pote(29, 7, 9) == 9


def test_fetch_pote_2():
    assert fetch_pote(-5, 5, 7) == 5


def test_get_lepi_1():
    assert get_lepi("long|zezo") == "zezo"


def test_detect_heva_sensor_1():
    assert detect_heva_sensor(0) == "odd"

from samplekit.credit import (
    make_coach,
    scan_povoha_stock,
    bana,
    clean_watch,
    read_fuel,
    sort_column,
    check_cart,
)


def test_bana_1():
    assert bana({}) == "no"


def test_bana_2():
    assert bana([1]) is None


def test_clean_watch_1():
    assert clean_watch([]) == ""


def test_check_cart_1():
    assert check_cart("q!") == "elre"

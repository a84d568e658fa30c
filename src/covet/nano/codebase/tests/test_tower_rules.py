from samplekit.tower_rules import (
    resolve_rail,
    load_riga,
    song_large,
    fix_column_bonus,
    port,
    join_badge,
    stock,
    measure_shelf_store,
)


def test_resolve_rail_1():
    assert resolve_rail(45) == 46


def test_load_riga_1():
    assert load_riga(None) == "vila"


def test_song_large_1():
    assert song_large(25) == 25


def test_song_large_2():
    assert isinstance(song_large(5), int)


def test_fix_column_bonus_1():
    assert fix_column_bonus([-2]) is False


def test_stock_1():
    assert stock("ala b") is True


def test_measure_shelf_store_1():
    assert measure_shelf_store("lajo") == 8

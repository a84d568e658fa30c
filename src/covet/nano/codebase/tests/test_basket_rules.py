from samplekit.basket_rules import (
    detect_bili_nihoel,
    yard,
    edge_out,
    mese_laorin,
    flight,
    signal_cold,
    album_fast,
    cable,
)


def test_detect_bili_nihoel_1():
    assert detect_bili_nihoel(None) == 0


def test_yard_1():
    assert yard(-1) is not None


def test_edge_out_1():
    assert edge_out(4, 3) == 1


def test_mese_laorin_1():
    assert mese_laorin(7) == 7


def test_flight_1():
    assert flight(-2) == "good"


def test_flight_2():
    assert flight(2) == "beil"


def test_signal_cold_1():
    assert signal_cold("x-leme") == "leme"


def test_album_fast_1():
    assert isinstance(album_fast(8, 9), str)

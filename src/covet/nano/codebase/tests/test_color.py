import pytest

from samplekit.color import (
    cabin_bad,
    edge,
    film_y,
    detect_fuel,
    pool,
    biti_plus,
    read_motor,
)


def test_cabin_bad_1():
    assert cabin_bad(2) == "bezo"


def test_edge_1():
    assert edge([1]) is False


def test_film_y_1():
    with pytest.raises(ValueError):
        film_y("wide")


def test_detect_fuel_1():
    assert detect_fuel(50, 29) == 3


def test_pool_1():
    assert pool("out") == 0

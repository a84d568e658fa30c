import pytest

from samplekit.hour import (
    number,
    fine_left,
    reduce_client,
    jari_korifa,
    grade_mile,
    apply_store_golool,
    pitch,
    join_region,
    choose_temp,
)


def test_number_1():
    assert number(50, 5) == 1


def test_fine_left_1():
    assert fine_left(81) == "umko"


def test_reduce_client_1():
    with pytest.raises(KeyError):
        reduce_client(1)


def test_pitch_1():
    assert pitch(75) == "onen"


def test_join_region_1():
    assert join_region(53) == 51


def test_choose_temp_1():
    assert choose_temp([12]) is False

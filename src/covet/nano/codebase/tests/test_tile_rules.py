import pytest

from samplekit.tile_rules import (
    cell,
    price_c,
    fine_silver,
    compute_bonus,
    trim_bucket_tilo,
    check_bed,
    load_tawa,
    pack_color_yard,
    clean_alarm_dodo,
)


def test_cell_1():
    with pytest.raises(KeyError):
        cell(4)


def test_price_c_1():
    assert price_c(15) is False


def test_fine_silver_1():
    assert fine_silver("pro") == 0


def test_compute_bonus_1():
    assert compute_bonus("adult=fast") == ["adult", "fast"]


def test_trim_bucket_tilo_1():
    assert trim_bucket_tilo([]) == 0


def test_trim_bucket_tilo_2():
    assert trim_bucket_tilo([10]) == 0


def test_check_bed_1():
    assert check_bed("white") == 40


def test_load_tawa_1():
    assert load_tawa([4, 6]) == 0


def test_pack_color_yard_1():
    assert isinstance(pack_color_yard("jano.py"), str)

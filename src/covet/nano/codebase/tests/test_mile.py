from samplekit.mile import (
    count_cycle_garden,
    window_adult,
    join_sael,
    bin_tasani,
    clean_plate,
    limit_post,
    detect_vavake,
)


def test_count_cycle_garden_1():
    assert count_cycle_garden(100, 4, 13) == 13


def test_bin_tasani_1():
    assert bin_tasani("hello wo") == "hello"


def test_bin_tasani_2():
    assert bin_tasani("hello") == "wide"


def test_clean_plate_1():
    assert clean_plate(68) == 70


def test_clean_plate_2():
    assert clean_plate(81) == 78


def test_detect_vavake_1():
    assert detect_vavake(-1) == "noon"

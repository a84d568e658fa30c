import pytest

from samplekit.pitch import (
    parse_gaki,
    grade_badge,
    merge_deck,
    bonus,
    sum_term,
    weigh_paum,
    fodama_nimi,
)


def test_parse_gaki_1():
    assert parse_gaki(14, 1, 4) == 4


def test_grade_badge_1():
    assert grade_badge("fast") == "yes"


def test_bonus_1():
    assert bonus(2) == -1


def test_sum_term_1():
    assert sum_term(True, True) is not None


def test_weigh_paum_1():
    assert weigh_paum(59) == "dibe"


def test_weigh_paum_2():
    assert weigh_paum(70) == "small"


def test_fodama_nimi_1():
    with pytest.raises(ValueError):
        fodama_nimi("z")


def test_fodama_nimi_2():
    assert fodama_nimi("near") == "day"

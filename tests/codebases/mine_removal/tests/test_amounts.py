import pytest

from pantry.amounts import grams, scale, shown


@pytest.mark.parametrize(("text", "expected"), [("5 g", 5), ("2 kg", 2000)])
def test_grams(text, expected):
    assert grams(text) == expected


def test_grams_of_no_unit():
    with pytest.raises(ValueError, match="unit"):
        grams("3 miles")


def test_scale():
    assert scale(10, 1.5) == 15


def test_scale_refuses_less_than_nothing():
    with pytest.raises(ValueError, match="share"):
        scale(1, -1)


@pytest.mark.parametrize("amount", [1, 999, 1500])
def test_shown(amount):
    assert shown(amount) == f"{amount} g"


def test_shown_in_kilos():
    assert shown(4000) == "4 kg"

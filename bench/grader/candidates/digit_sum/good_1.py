import pytest
from loops import digit_sum


@pytest.mark.parametrize(("number", "expected"), [(0, 0), (7, 7), (42, 6), (999, 27)])
def test_digit_sum(number, expected):
    assert digit_sum(number) == expected


def test_digit_sum_of_text():
    with pytest.raises(TypeError):
        digit_sum("12")

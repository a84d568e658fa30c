"""The estimators against enumeration of every subset."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from covet.algo.estimators import max_at_k, pass_at_k

VALUES = st.lists(st.sampled_from([0.0, 0.2, 0.25, 0.7, 1.0]), min_size=1, max_size=7)


@given(VALUES, st.data())
def test_max_at_k_is_the_mean_maximum_over_all_subsets(
    values: list[float], data: st.DataObject
) -> None:
    k = data.draw(st.integers(1, len(values)))
    subsets = list(combinations(values, k))
    assert max_at_k(values, k=k) == pytest.approx(sum(map(max, subsets)) / len(subsets))


@given(st.lists(st.booleans(), min_size=1, max_size=8), st.data())
def test_pass_at_k_is_the_share_of_subsets_with_a_pass(
    outcomes: list[bool], data: st.DataObject
) -> None:
    k = data.draw(st.integers(1, len(outcomes)))
    subsets = list(combinations(outcomes, k))
    expected = sum(map(any, subsets)) / len(subsets)
    assert pass_at_k(len(outcomes), sum(outcomes), k=k) == pytest.approx(expected)
    assert max_at_k([float(passed) for passed in outcomes], k=k) == pytest.approx(expected)


@pytest.mark.parametrize(("k", "expected"), [(1, 7 / 16), (2, 17 / 24), (3, 7 / 8), (4, 1.0)])
def test_max_at_k_of_quarter_values_has_the_hand_worked_value(k: int, expected: float) -> None:
    assert max_at_k([0, 0.25, 0.5, 1], k=k) == pytest.approx(expected)


@pytest.mark.parametrize(("k", "expected"), [(2, 13 / 28), (4, 11 / 14), (8, 1.0)])
def test_pass_at_k_of_two_in_eight_has_the_hand_worked_value(k: int, expected: float) -> None:
    assert pass_at_k(8, 2, k=k) == pytest.approx(expected)


def test_thousands_of_samples_do_not_overflow() -> None:
    assert pass_at_k(5000, 1, k=2500) == pytest.approx(0.5)
    assert max_at_k([0.0] * 4999 + [1.0], k=2500) == pytest.approx(0.5)


@pytest.mark.parametrize(("samples", "passed", "k"), [(3, 1, 4), (3, 1, 0), (3, 4, 1), (3, -1, 1)])
def test_counts_that_cannot_be_are_refused(samples: int, passed: int, k: int) -> None:
    with pytest.raises(ValueError, match="cannot"):
        pass_at_k(samples, passed, k=k)

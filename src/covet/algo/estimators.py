"""Unbiased estimates, from n samples of a task, of how the best of k would do.

``pass_at_k``: Chen et al. 2021 (arXiv:2107.03374), eq. 1. ``max_at_k``: its extension to graded
values, Walder and Karkhanis 2025 (arXiv:2505.15201). Both are means over all
k-subsets of the samples; binomials are exact integers.
"""

from collections.abc import Sequence
from fractions import Fraction
from math import comb


def pass_at_k(samples: int, passed: int, *, k: int) -> float:
    """The share of k-subsets of ``samples`` that hold at least one of the ``passed``."""
    _check(samples, k)
    if not 0 <= passed <= samples:
        raise ValueError(f"{passed} of {samples} samples cannot have passed")
    return float(1 - Fraction(comb(samples - passed, k), comb(samples, k)))


def max_at_k(values: Sequence[float], *, k: int) -> float:
    """The mean over all k-subsets of the greatest value in each."""
    _check(len(values), k)
    # In ascending order, the value at place i is the greatest of comb(i, k - 1) subsets.
    total = sum(comb(i, k - 1) * Fraction(value) for i, value in enumerate(sorted(values)))
    return float(Fraction(total, comb(len(values), k)))


def _check(samples: int, k: int) -> None:
    if not 1 <= k <= samples:
        raise ValueError(f"{samples} samples cannot tell what the best of {k} would be")

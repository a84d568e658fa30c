"""Best-of-N: how good is the solution that a test suite picks out of N.

Of one task there is a pass matrix, tests × solutions; each selection reads scores off it, and what
it picks is worth what the reference tests say. The expectation is taken over all N-subsets of the
solutions, exactly where the score of a solution does not depend on the others.

Ties are broken by a declared rule. ``expected``: the mean over all that tie. ``first`` and
``last``: by position, for parity: the one is what CURE does, the other what UTRL's own script does.
"""

import math
from collections.abc import Sequence
from typing import Literal

import numpy as np

from covet.records import PassMatrix, Verdict

Ties = Literal["expected", "first", "last"]
Scores = tuple[float | None, ...]
"""For each solution a number; None where nothing is known of it."""

DRAWS = 400
"""Subsets that an expectation is estimated from where it cannot be worked out."""


# ------------------------------------------------------------------------ off the matrix


def shares(matrix: PassMatrix) -> Scores:
    """For each solution the share of the tests that it passes; all 0 where there are no tests."""
    return tuple(_share(column) for column in columns(matrix))


def all_passed(matrix: PassMatrix) -> Scores:
    """For each solution 1 where it passes every test, else 0; 1 where there are none."""
    return tuple(_all(column) for column in columns(matrix))


def columns(matrix: PassMatrix) -> list[tuple[Verdict, ...]]:
    """Each solution's verdicts."""
    if not matrix.cells:
        return [()] * len(matrix.programs)
    return list(zip(*matrix.cells, strict=True))


def _share(column: tuple[Verdict, ...]) -> float | None:
    if "infrastructure" in column:
        return None
    return column.count("pass") / len(column) if column else 0.0


def _all(column: tuple[Verdict, ...]) -> float | None:
    """Known, too, where one verdict is unknown and another is no pass."""
    if any(verdict not in ("pass", "infrastructure") for verdict in column):
        return 0.0
    return None if "infrastructure" in column else 1.0


# ------------------------------------------------------------------------------ selection


def best_of_n(
    scores: Sequence[float], worth: Sequence[float], *, n: int, ties: Ties = "expected"
) -> float:
    """The worth of the highest score among n solutions, expected over all n-subsets of them.

    With L solutions below a score and E at it (ties and all), one at it is picked with probability
    [C(L + E, n) - C(L, n)] / (E · C(N, n)); where position breaks ties, E is 1. Subsets keep the
    order of the solutions.
    """
    _check(scores, worth, n)
    ranked = _ranked(scores, ties)
    subsets = math.comb(len(scores), n)
    total, below = 0.0, 0
    for group in ranked:
        upto = below + len(group)
        chance = (math.comb(upto, n) - math.comb(below, n)) / subsets
        total += chance * sum(worth[place] for place in group) / len(group)
        below = upto
    return total


def _ranked(scores: Sequence[float], ties: Ties) -> list[list[int]]:
    """Positions, from the worst to the best, those that tie together."""
    if ties == "expected":
        groups: dict[float, list[int]] = {}
        for place, score in enumerate(scores):
            groups.setdefault(score, []).append(place)
        return [groups[score] for score in sorted(groups)]
    sign = -1 if ties == "first" else 1
    order = sorted(range(len(scores)), key=lambda place: (scores[place], sign * place))
    return [[place] for place in order]


def oracle(worth: Sequence[float], *, n: int) -> float:
    """The best of n that there is, expected over all n-subsets."""
    return best_of_n(worth, worth, n=n)


def at_random(worth: Sequence[float]) -> float:
    """What a pick without looking is worth, whatever n is."""
    return sum(worth) / len(worth)


def agreement(
    matrix: PassMatrix,
    worth: Sequence[float],
    *,
    n: int,
    seed: int = 0,
    draws: int = DRAWS,
) -> float:
    """Selection by dual execution agreement (CodeT, Chen et al. 2022, arXiv:2207.10397, sec. 3).

    Solutions of a subset that pass the same tests agree; a set of them is worth its solutions times
    the tests that they pass. The mean of the best set is taken, of all best sets where they tie.
    Expected over all n-subsets where n is all of them, or 1; else the mean over ``draws`` subsets
    that ``seed`` draws.
    """
    _check(matrix.programs, worth, n)
    sets = [frozenset(i for i, v in enumerate(column) if v == "pass") for column in columns(matrix)]
    names = {one: number for number, one in enumerate(dict.fromkeys(sets))}
    kind = np.array([names[one] for one in sets])
    tests = np.array([len(one) for one in names])
    values = np.asarray(worth, dtype=np.float64)
    total = len(sets)
    if n == total:
        return _agreed(kind, tests, values)
    if n == 1:
        return float(values.mean())
    rng = np.random.default_rng(seed)
    picks = (rng.permutation(total)[:n] for _ in range(draws))
    return sum(_agreed(kind[pick], tests, values[pick]) for pick in picks) / draws


def _agreed(
    kind: "np.ndarray[tuple[int], np.dtype[np.int64]]",
    tests: "np.ndarray[tuple[int], np.dtype[np.int64]]",
    worth: "np.ndarray[tuple[int], np.dtype[np.float64]]",
) -> float:
    sizes = np.bincount(kind, minlength=len(tests))
    score = np.where(sizes > 0, sizes * tests, -1)
    best = score[kind] == score.max()
    return float(worth[best].mean())


def _check(scores: Sequence[object], worth: Sequence[float], n: int) -> None:
    if len(scores) != len(worth):
        raise ValueError(f"{len(scores)} solutions have scores, {len(worth)} a worth")
    if not 1 <= n <= len(scores):
        raise ValueError(f"there are {len(scores)} solutions, so no best of {n}")

"""Best-of-N against brute force over all subsets."""

import itertools
import random

import pytest

from covet.evaluate.best_of_n import agreement, all_passed, at_random, best_of_n, oracle, shares
from covet.records import PassMatrix

P, F, N = "pass", "fail", "infrastructure"


def matrix(*rows: str) -> PassMatrix:
    verdicts = {"p": P, "f": F, "e": "error", "i": N}
    cells = tuple(tuple(verdicts[letter] for letter in row) for row in rows)
    width = len(rows[0]) if rows else 3
    names = tuple(map(str, range(len(rows)))), tuple(map(str, range(width)))
    return PassMatrix(*names, cells)


def by_force(scores: list[float], worth: list[float], n: int, ties: str) -> float:
    found = []
    for subset in itertools.combinations(range(len(scores)), n):
        best = max(scores[i] for i in subset)
        tied = [i for i in subset if scores[i] == best]
        picked = {"expected": tied, "first": tied[:1], "last": tied[-1:]}[ties]
        found.append(sum(worth[i] for i in picked) / len(picked))
    return sum(found) / len(found)


@pytest.mark.parametrize("ties", ["expected", "first", "last"])
@pytest.mark.parametrize("n", range(1, 8))
def test_the_expectation_is_that_over_all_subsets(ties: str, n: int) -> None:
    drawn = random.Random(n)
    for _ in range(20):
        scores = [drawn.randrange(4) / 3 for _ in range(7)]
        worth = [drawn.random() for _ in range(7)]
        found = best_of_n(scores, worth, n=n, ties=ties)
        assert found == pytest.approx(by_force(scores, worth, n, ties))


def test_all_zero_scores_pick_at_random_or_by_position() -> None:
    scores, worth = [0.0] * 4, [1.0, 0.0, 0.0, 0.5]
    assert best_of_n(scores, worth, n=4) == pytest.approx(at_random(worth))
    assert best_of_n(scores, worth, n=4, ties="first") == 1.0
    assert best_of_n(scores, worth, n=4, ties="last") == 0.5


def test_the_oracle_of_right_and_wrong_is_pass_at_k() -> None:
    assert oracle([1.0, 0.0, 0.0, 0.0], n=2) == pytest.approx(0.5)
    assert oracle([0.2, 0.9, 0.4], n=3) == pytest.approx(0.9)


def test_more_solutions_than_there_are_is_an_error() -> None:
    with pytest.raises(ValueError, match="3 solutions, so no best of 4"):
        best_of_n([1, 2, 3], [1, 1, 1], n=4)
    with pytest.raises(ValueError, match="2 solutions have scores, 1 a worth"):
        best_of_n([1, 2], [1], n=1)


def test_scores_are_read_off_the_columns() -> None:
    found = matrix("ppfi", "pfef")
    assert shares(found) == (1.0, 0.5, 0.0, None)
    assert all_passed(found) == (1.0, 0.0, 0.0, 0.0)
    assert all_passed(matrix("i", "p")) == (None,)


def test_without_tests_all_scores_are_alike() -> None:
    assert shares(matrix()) == (0.0,) * 3
    assert all_passed(matrix()) == (1.0,) * 3


def test_agreement_weighs_solutions_by_the_tests_that_they_pass() -> None:
    # Three solutions agree on one test, two on two tests: 3 x 1 against 2 x 2.
    found = matrix("pppff", "fffpp", "fffpp")
    assert agreement(found, [0, 0, 0, 1, 0], n=5) == pytest.approx(0.5)
    # Four against one: 4 x 1 against 1 x 2.
    found = matrix("ppppf", "ffffp", "ffffp")
    assert agreement(found, [1, 1, 0, 0, 0], n=5) == pytest.approx(0.5)


def test_sets_that_tie_are_averaged_and_passing_nothing_counts_nothing() -> None:
    assert agreement(matrix("pf", "fp"), [1, 0], n=2) == pytest.approx(0.5)
    assert agreement(matrix("pffff"), [1, 0, 0, 0, 0], n=5) == 1.0
    assert agreement(matrix("ffff"), [1, 0, 0, 0], n=4) == pytest.approx(0.25)


def test_agreement_over_subsets_nears_the_expectation() -> None:
    found = matrix("ppffpf", "pfpfpf", "ppppff")
    worth = [1.0, 0.0, 0.5, 0.2, 1.0, 0.0]
    exact = []
    for subset in itertools.combinations(range(6), 3):
        part = PassMatrix(
            found.tests,
            tuple(found.programs[i] for i in subset),
            tuple(tuple(row[i] for i in subset) for row in found.cells),
        )
        exact.append(agreement(part, [worth[i] for i in subset], n=3))
    estimated = agreement(found, worth, n=3, draws=4000)
    assert estimated == pytest.approx(sum(exact) / len(exact), abs=0.03)
    assert agreement(found, worth, n=1) == pytest.approx(at_random(worth))

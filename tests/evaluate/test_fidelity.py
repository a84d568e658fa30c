"""Rank correlations against known vectors and their definitions; error rates by hand."""

import itertools
import math
import random

import pytest

from covet.evaluate.fidelity import (
    Scored,
    by_writer,
    fidelity,
    kendall_tau_b,
    paired,
    ranks,
    spearman,
)
from covet.evaluate.metrics import Bootstrap

BOOT = Bootstrap(200)


@pytest.mark.parametrize(
    ("one", "other", "known"),
    [
        ([0, 0.5, 1, 1], [0, 0, 0.25, 1], 0.888889),
        ([0, 0, 1, 1], [0, 0.5, 0.5, 1], 0.707107),
        ([0.1, 0.2, 0.3, 0.4, 0.5], [0.2, 0.1, 0.4, 0.3, 0.5], 0.8),
        ([1, 2, 3], [3, 2, 1], -1.0),
    ],
)
def test_spearman_of_known_vectors(one: list[float], other: list[float], known: float) -> None:
    assert spearman(one, other) == pytest.approx(known, abs=1e-6)
    assert spearman(other, one) == pytest.approx(known, abs=1e-6)


def test_what_is_constant_has_no_correlation() -> None:
    assert spearman([1, 1, 1], [0, 1, 2]) is None
    assert kendall_tau_b([0, 1, 2], [1, 1, 1]) is None
    assert spearman([1], [1]) is None
    with pytest.raises(ValueError, match="2 scores against 3"):
        spearman([1, 2], [1, 2, 3])


def test_ties_share_the_mean_of_their_places() -> None:
    assert ranks([3, 1, 3, 2]) == [3.5, 1.0, 3.5, 2.0]


def test_kendall_is_its_definition() -> None:
    drawn = random.Random(0)
    for _ in range(50):
        one = [drawn.randrange(4) for _ in range(8)]
        other = [drawn.randrange(4) for _ in range(8)]
        signs = [
            ((a > b) - (a < b), (c > d) - (c < d))
            for (a, c), (b, d) in itertools.combinations(zip(one, other, strict=True), 2)
        ]
        balance = sum(x * y for x, y in signs)
        bound = math.sqrt(sum(x != 0 for x, _ in signs) * sum(y != 0 for _, y in signs))
        expected = balance / bound if bound else None
        assert kendall_tau_b(one, other) == (pytest.approx(expected) if bound else None)


def test_kendall_of_a_known_vector() -> None:
    # Of six pairs five are untied on each side, all five concordant but for one tie: 4 / 5.
    assert kendall_tau_b([0, 0, 1, 2], [0, 1, 1, 2]) == pytest.approx(4 / 5)


def scored(task: str, suite: list[float], reference: list[float], writer: str = "w") -> Scored:
    return Scored(
        task,
        (writer,) * len(suite),
        tuple(suite),
        tuple(reference),
        tuple(score == 1 for score in suite),
        tuple(score == 1 for score in reference),
    )


def test_constants_count_zero_and_are_told_apart() -> None:
    tasks = [
        scored("a", [0, 0.5, 1], [0, 0.5, 1]),
        scored("b", [1, 1, 1], [0, 0.5, 1]),
        scored("c", [0, 0.5, 1], [0, 0, 0]),
        scored("d", [1, 1, 1], [1, 1, 1]),
    ]
    found = fidelity(tasks, BOOT)
    assert found.spearman.value == pytest.approx(0.25)
    assert found.spearman.n == 4
    assert found.spearman_where_defined.value == pytest.approx(1.0)
    assert found.spearman_where_defined.n == 1
    counts = (found.constant_suite, found.constant_reference, found.constant_both)
    assert counts == (2, 2, 1)


def test_a_suite_that_accepts_wrong_and_rejects_right_programs_is_found_out() -> None:
    found = fidelity([scored("a", [1, 1, 0, 0.5], [1, 0, 0, 1])], BOOT)
    assert found.false_accepts.value == pytest.approx(1 / 2)
    assert found.false_rejects.value == pytest.approx(1 / 2)


def test_writers_are_pooled_and_told_apart() -> None:
    first, second = scored("a", [0, 1], [0, 1], "x"), scored("a", [0, 1], [1, 0], "y")
    pooled = Scored(
        "a",
        first.writers + second.writers,
        first.suite + second.suite,
        first.reference + second.reference,
        first.accepted + second.accepted,
        first.right + second.right,
    )
    assert fidelity([pooled], BOOT).spearman.value == pytest.approx(0.0)
    apart = by_writer([pooled], BOOT)
    assert [apart[name].spearman.value for name in ("x", "y")] == pytest.approx([1.0, -1.0])


def test_a_difference_is_taken_task_by_task() -> None:
    before = [scored("a", [0, 1, 2], [0, 2, 1]), scored("b", [1, 1], [0, 1])]
    after = [scored("b", [0, 1], [0, 1]), scored("a", [0, 1, 2], [0, 1, 2])]
    found = paired(before, after, BOOT)
    assert (found.value, found.n) == (pytest.approx(0.75), 2)

"""Fidelity: how nearly a test suite ranks solutions as the reference tests do.

Of one task there are two vectors, a score of each solution under the suite and under the reference
tests; solutions of several code writers are pooled by laying their vectors end to end. Rank
correlation says nothing where one vector is constant: such tasks count 0 for parity with UTRL's
script, and are left out, and counted, beside.

Rates of error treat a suite as a judge: it accepts what passes all its tests, and what passes all
reference tests is right.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from covet.evaluate.metrics import Bootstrap, estimate, estimate_clusters
from covet.records import Estimate


def ranks(values: Sequence[float]) -> list[float]:
    """From 1; those that tie have the mean of their places."""
    order = sorted(range(len(values)), key=values.__getitem__)
    found = [0.0] * len(values)
    start = 0
    while start < len(order):
        end = start
        while end < len(order) and values[order[end]] == values[order[start]]:
            end += 1
        for place in order[start:end]:
            found[place] = (start + 1 + end) / 2
        start = end
    return found


def spearman(one: Sequence[float], other: Sequence[float]) -> float | None:
    """Pearson's correlation of the ranks; None where one side is constant, or there are less than
    two. ``ValueError`` for vectors of different lengths.
    """
    _check(one, other)
    first, second = np.array(ranks(one)), np.array(ranks(other))
    if len(first) < 2 or np.ptp(first) == 0 or np.ptp(second) == 0:
        return None
    first, second = first - first.mean(), second - second.mean()
    return float((first @ second) / np.sqrt((first @ first) * (second @ second)))


def kendall_tau_b(one: Sequence[float], other: Sequence[float]) -> float | None:
    """(concordant - discordant) / √((n0 - n1)(n0 - n2)), with n0 all pairs and n1, n2 those that
    tie on a side (Kendall 1945); None as for ``spearman``.
    """
    _check(one, other)
    first, second = np.asarray(one, dtype=np.float64), np.asarray(other, dtype=np.float64)
    if len(first) < 2:
        return None
    upper = np.triu_indices(len(first), 1)
    signs = np.sign(first[:, None] - first)[upper], np.sign(second[:, None] - second)[upper]
    untied = np.count_nonzero(signs[0]) * np.count_nonzero(signs[1])
    return float((signs[0] @ signs[1]) / np.sqrt(untied)) if untied else None


def _check(one: Sequence[float], other: Sequence[float]) -> None:
    if len(one) != len(other):
        raise ValueError(f"{len(one)} scores against {len(other)}")


# -------------------------------------------------------------------------------- measure


@dataclass(frozen=True, slots=True)
class Scored:
    """One task's solutions under both sides; vectors of one length each."""

    task: str
    writers: tuple[str, ...]
    """Who wrote each solution."""
    suite: tuple[float, ...]
    """The share of the suite's tests that each passes."""
    reference: tuple[float, ...]
    accepted: tuple[bool, ...]
    """Whether it passes all of the suite's tests."""
    right: tuple[bool, ...]
    """Whether it passes all reference tests."""

    def of(self, writer: str) -> "Scored":
        """The solutions of one writer."""
        mine = [place for place, name in enumerate(self.writers) if name == writer]
        return Scored(
            self.task,
            tuple(self.writers[place] for place in mine),
            tuple(self.suite[place] for place in mine),
            tuple(self.reference[place] for place in mine),
            tuple(self.accepted[place] for place in mine),
            tuple(self.right[place] for place in mine),
        )


@dataclass(frozen=True, slots=True)
class Fidelity:
    """Over tasks."""

    spearman: Estimate
    """Tasks with a constant vector count 0."""
    spearman_where_defined: Estimate
    """Those tasks left out."""
    kendall: Estimate
    """Tau-b, where defined."""
    constant_suite: int
    """Tasks on which the suite gives all solutions one score."""
    constant_reference: int
    """Likewise the reference tests."""
    constant_both: int
    false_accepts: Estimate
    """Of the wrong solutions, the share that is accepted."""
    false_rejects: Estimate
    """Of the right solutions, the share that is rejected."""


def fidelity(tasks: Sequence[Scored], bootstrap: Bootstrap) -> Fidelity:
    """With all writers of each task pooled."""
    found = [spearman(task.suite, task.reference) for task in tasks]
    taus = [kendall_tau_b(task.suite, task.reference) for task in tasks]
    flat = [(_is_constant(task.suite), _is_constant(task.reference)) for task in tasks]
    return Fidelity(
        spearman=estimate([value or 0.0 for value in found], bootstrap),
        spearman_where_defined=estimate([v for v in found if v is not None], bootstrap),
        kendall=estimate([v for v in taus if v is not None], bootstrap),
        constant_suite=sum(suite for suite, _ in flat),
        constant_reference=sum(reference for _, reference in flat),
        constant_both=sum(suite and reference for suite, reference in flat),
        false_accepts=_rate(tasks, of_right=False, bootstrap=bootstrap),
        false_rejects=_rate(tasks, of_right=True, bootstrap=bootstrap),
    )


def by_writer(tasks: Sequence[Scored], bootstrap: Bootstrap) -> Mapping[str, Fidelity]:
    """For each writer alone, over the tasks that it has solutions of."""
    writers = dict.fromkeys(writer for task in tasks for writer in task.writers)
    return {
        writer: fidelity([task.of(writer) for task in tasks if writer in task.writers], bootstrap)
        for writer in writers
    }


def paired(before: Sequence[Scored], after: Sequence[Scored], bootstrap: Bootstrap) -> Estimate:
    """The mean change of Spearman's correlation, constants as 0, over the tasks of both."""
    earlier = {task.task: spearman(task.suite, task.reference) or 0.0 for task in before}
    changes = [
        (spearman(task.suite, task.reference) or 0.0) - earlier[task.task]
        for task in after
        if task.task in earlier
    ]
    return estimate(changes, bootstrap)


def _is_constant(values: Iterable[float]) -> bool:
    return len(set(values)) < 2


def _rate(tasks: Sequence[Scored], *, of_right: bool, bootstrap: Bootstrap) -> Estimate:
    return estimate_clusters(
        [
            [
                float(accepted is not right)
                for accepted, right in zip(task.accepted, task.right, strict=True)
                if right is of_right
            ]
            for task in tasks
        ],
        bootstrap,
    )

"""Measures over tasks from several samples of each, with ranges of a bootstrap over tasks.

A measure reads one task's row and gives a number, or None where the task says nothing: samples
whose grading failed through our own fault are left out first, and a measure at 3 needs three that
are left. A task with no samples has no part in any. The range is the percentile bootstrap over
tasks at 95 %: it holds the sampling of tasks and of completions, and neither the seed of training
nor the choice of codebase.
"""

import ast
import math
import textwrap
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from covet.algo.estimators import max_at_k, pass_at_k
from covet.evaluate.rows import Sample, TaskRow
from covet.records import Estimate

K = 3
"""How many tests of a function somebody is assumed to let be written."""


# ------------------------------------------------------------------------ of one task


def pass_rate(row: TaskRow) -> float | None:
    """The share of samples that pass, each time they are run."""
    return _mean([float(sample.status == "ok") for sample in row.known_samples])


def coverage_increase_rate(row: TaskRow) -> float | None:
    """The share of samples that pass and run a line that the existing suite does not."""
    return _mean([float(_gains(sample)) for sample in row.known_samples])


def coverage_increase_rate_at_3(row: TaskRow) -> float | None:
    """The chance that one of three samples does so (pass@3 of Chen et al. 2021, unbiased)."""
    samples = row.known_samples
    if len(samples) < K:
        return None
    return pass_at_k(len(samples), sum(map(_gains, samples)), k=K)


def covered_lines_increase_at_3(row: TaskRow) -> float | None:
    """The most new lines that one of three samples runs, expected over the choice of three."""
    samples = row.known_samples
    if len(samples) < K:
        return None
    return max_at_k([float(len(sample.gained)) for sample in samples], k=K)


def mutation_score_at_3(row: TaskRow) -> float | None:
    """The share of the function's mutants that three samples kill together, expected over the
    choice of three; samples that do not pass kill none.

    A mutant whose fate is unknown for any sample is left out; None where that leaves no mutant.
    """
    return _killed_at_3(row, frozenset(row.mutants))


def marginal_kills_at_3(row: TaskRow) -> float | None:
    """The same of the mutants that the existing tests let live; None where it is not known what
    those kill.
    """
    if row.killed_before is None:
        return None
    return _killed_at_3(row, frozenset(row.mutants) - frozenset(row.killed_before))


def _killed_at_3(row: TaskRow, among: frozenset[str]) -> float | None:
    samples = row.known_samples
    mutants = among - {mutant for sample in samples for mutant in sample.unknown}
    if len(samples) < K or not mutants:
        return None
    choices = math.comb(len(samples), K)
    killed = 0.0
    for mutant in mutants:
        misses = sum(mutant not in sample.killed for sample in samples)
        killed += 1 - math.comb(misses, K) / choices
    return killed / len(mutants)


def new_branches_at_3(row: TaskRow) -> float | None:
    """The most new branches that one of three samples takes, expected over the choice of three."""
    found = [float(one.branches) for one in row.known_samples if one.branches is not None]
    return max_at_k(found, k=K) if len(found) >= K else None


def assertions(row: TaskRow) -> float | None:
    """How telling the assertions of passing samples are, 0 to 1."""
    return _mean([one.asserts for one in _passing(row) if one.asserts is not None])


def weak_share(row: TaskRow) -> float | None:
    """The share of passing samples that ask nothing telling."""
    return _mean([float(one.weak) for one in _passing(row) if one.weak is not None])


def without_mocks(row: TaskRow) -> float | None:
    """How much passing samples do without mocks: 1 each without any."""
    return _mean([one.real for one in _passing(row) if one.real is not None])


def flake_rate(row: TaskRow) -> float | None:
    """Of the samples that pass when they are first run, the share that does not when run again."""
    once = [one.status for one in row.known_samples if one.status in ("ok", "unstable")]
    return _mean([float(status == "unstable") for status in once])


NO_CHEATS = frozenset({"misses_target", "adds_nothing", "notices_nothing", "least_asserts"})
"""Guards that refuse what is of no use; all others refuse what passes for a test and is none."""


def cheat_rate(row: TaskRow) -> float | None:
    """The share of samples that meddle with their grading, ask nothing, or get around asking."""
    return _mean([float(_cheats(one)) for one in row.known_samples if one.refused is not None])


def refused_rate(row: TaskRow) -> float | None:
    """The share of samples that meddle with their grading, or that any guard refuses."""
    told = [one for one in row.known_samples if one.refused is not None]
    return _mean([float(one.status == "forged" or bool(one.refused)) for one in told])


def _cheats(sample: Sample) -> bool:
    guards = {reason.partition(":")[0] for reason in sample.refused or ()}
    return sample.status == "forged" or bool(guards - NO_CHEATS)


def _passing(row: TaskRow) -> list[Sample]:
    return [sample for sample in row.known_samples if sample.status == "ok"]


def diversity(row: TaskRow) -> float | None:
    """The share of samples that are distinct, comments and the tests' names aside."""
    distinct = {normalised(sample.written) for sample in row.samples}
    return len(distinct) / len(row.samples) if row.samples else None


Measure = Callable[[TaskRow], float | None]

MEASURES: Mapping[str, Measure] = {
    "pass_rate": pass_rate,
    "coverage_increase_rate": coverage_increase_rate,
    "coverage_increase_rate@3": coverage_increase_rate_at_3,
    "covered_lines_increase@3": covered_lines_increase_at_3,
    "mutation_score@3": mutation_score_at_3,
    "diversity": diversity,
}
"""In the order in which people read them."""

DETAILS: Mapping[str, Measure] = {
    "new_branches_increase@3": new_branches_at_3,
    "marginal_kills@3": marginal_kills_at_3,
    "assertions": assertions,
    "weak_share": weak_share,
    "without_mocks": without_mocks,
    "flake_rate": flake_rate,
    "cheat_rate": cheat_rate,
    "refused_rate": refused_rate,
}
"""What a scorecard of several policies tells beside. Rows of earlier versions do not have them."""

ALL: Mapping[str, Measure] = {**MEASURES, **DETAILS}

COUNTS = frozenset({"covered_lines_increase@3", "new_branches_increase@3"})
"""The measures that are not shares: they may exceed 1."""


def normalised(written: str) -> str:
    """A test file's syntax tree as text, without comments, layout and the names of its tests.

    What cannot be parsed is compared as text, without its comment lines.
    """
    code = textwrap.dedent(written)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # odd escapes in a string are the author's affair
            tree = ast.parse(code)
        for node in ast.walk(tree):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and _is_test(node.name):
                node.name = "test"
        return ast.dump(tree)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        lines = (line.strip() for line in code.splitlines())
        return "\n".join(line for line in lines if line and not line.startswith("#"))


def _is_test(name: str) -> bool:
    return name.startswith("test")


def _gains(sample: Sample) -> bool:
    return sample.status == "ok" and bool(sample.gained)


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None


# --------------------------------------------------------------------------- over tasks


@dataclass(frozen=True, slots=True)
class Bootstrap:
    """How ranges are drawn; the same numbers give the same range."""

    resamples: int
    seed: int = 0


def estimate(values: Sequence[float], bootstrap: Bootstrap) -> Estimate:
    """Their mean and its range; all 0 where there are none, which ``n`` tells."""
    if not values:
        return Estimate(0.0, 0.0, 0.0, 0)
    given = np.asarray(values, dtype=np.float64)
    rng = np.random.default_rng(bootstrap.seed)
    means = np.empty(bootstrap.resamples)
    for resample in range(bootstrap.resamples):
        means[resample] = given[rng.integers(len(given), size=len(given))].mean()
    low, high = np.quantile(means, (0.025, 0.975))
    return Estimate(float(given.mean()), float(low), float(high), len(given))


def estimate_clusters(clusters: Sequence[Sequence[float]], bootstrap: Bootstrap) -> Estimate:
    """The mean of all values, with the range of resampling whole clusters: of values that share
    a task's difficulty, however many there are. ``n`` counts clusters.
    """
    clusters = [cluster for cluster in clusters if cluster]
    if not clusters:
        return Estimate(0.0, 0.0, 0.0, 0)
    sums = np.array([sum(cluster) for cluster in clusters])
    sizes = np.array([len(cluster) for cluster in clusters])
    rng = np.random.default_rng(bootstrap.seed)
    picks = rng.integers(len(clusters), size=(bootstrap.resamples, len(clusters)))
    means = sums[picks].sum(axis=1) / sizes[picks].sum(axis=1)
    low, high = np.quantile(means, (0.025, 0.975))
    return Estimate(float(sums.sum() / sizes.sum()), float(low), float(high), len(clusters))


def measure(
    rows: Iterable[TaskRow], bootstrap: Bootstrap, *, of: Mapping[str, Measure] = MEASURES
) -> dict[str, Estimate]:
    """Every measure over the tasks that have it."""
    tasks = list(rows)
    return {
        name: estimate([value for row in tasks if (value := one(row)) is not None], bootstrap)
        for name, one in of.items()
    }


def paired_difference(
    before: Mapping[str, TaskRow], after: Mapping[str, TaskRow], of: Measure, bootstrap: Bootstrap
) -> Estimate:
    """The mean change of a measure over the tasks that have it both times, by example.

    Far narrower than what the two ranges suggest, because a task's own difficulty drops out.
    """
    differences = [
        later - earlier
        for example_id, row in before.items()
        if example_id in after
        and (earlier := of(row)) is not None
        and (later := of(after[example_id])) is not None
    ]
    return estimate(differences, bootstrap)


def changes(
    before: Mapping[str, TaskRow],
    after: Mapping[str, TaskRow],
    bootstrap: Bootstrap,
    *,
    of: Mapping[str, Measure] = MEASURES,
) -> dict[str, Estimate]:
    """The paired difference of every measure."""
    return {name: paired_difference(before, after, one, bootstrap) for name, one in of.items()}


FUNNEL: Mapping[str, Callable[[Sample, TaskRow], bool]] = {
    "sampled": lambda _, __: True,
    "parsed": lambda sample, _: sample.status not in ("no_tests", "syntax"),
    "runs": lambda sample, _: sample.status in ("failed", "unstable", "ok"),
    "passes": lambda sample, _: sample.status in ("unstable", "ok"),
    "stable": lambda sample, _: sample.status == "ok",
    "gains": lambda sample, _: _gains(sample),
    "kills": lambda sample, row: (
        _gains(sample) and bool(set(sample.killed) - set(row.killed_before or ()))
    ),
}
"""What becomes of samples, each step a part of the one before. ``runs``: it got as far as an
assertion of its own. ``gains`` and ``kills``: it also runs a new line, and also rejects a mutant
that the existing tests are not known to reject."""


def funnel(rows: Iterable[TaskRow]) -> dict[str, int]:
    """How many samples get to each step; those whose grading is unknown are not counted."""
    samples = [(sample, row) for row in rows for sample in row.known_samples]
    return {
        step: sum(reaches(sample, row) for sample, row in samples)
        for step, reaches in FUNNEL.items()
    }

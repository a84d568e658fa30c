"""What an evaluation leaves behind of each task: one row of ``evaluations/<name>.jsonl``.

A row holds all that the measures and the report need, so that neither reads a dataset or runs
anything. It is written when the samples of its task are graded, and never changed; the last row
of a task counts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from covet.languages.base import Language
from covet.records import FunctionExample, Group, Mutant, Rollout, Span, Split, Status
from covet.reward import Attempt, known_mutants
from covet.reward.evidence import Evidence, gather
from covet.reward.terms import asserts, real, weak
from covet.runlog import read_jsonl

BEFORE, AFTER = "before", "after"
"""The names of the evaluations on either side of training."""
DETAIL = 2000
"""Characters kept of why a sample does not pass: the last ones."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One written test and what it showed."""

    written: str
    status: Status
    reward: float
    detail: str = ""
    gained: tuple[int, ...] = ()
    """Lines of the focal function beyond the baseline."""
    killed: tuple[str, ...] = ()
    """Ids of mutants."""
    unknown: tuple[str, ...] = ()
    """Mutants whose run failed through our own fault."""
    branches: int | None = None
    """New branches; None: not known. Likewise below."""
    asserts: float | None = None
    """How telling its assertions are: see ``covet.reward.terms.asserts``."""
    weak: bool | None = None
    """Whether it passes and nothing that it asks is telling."""
    real: float | None = None
    """How much it does without mocks: see ``covet.reward.terms.real``."""
    refused: tuple[str, ...] | None = None
    """Why it is worth nothing although it passes."""
    repairs: tuple[str, ...] = ()
    """What was mended in its form: see ``covet.evaluate.repair``."""

    @property
    def known(self) -> bool:
        """Whether its grading says anything about the sample."""
        return self.status != "infrastructure"


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One task with its samples."""

    evaluation: str
    example_id: str
    policy: str
    version: int
    split: Split
    path: str
    qualname: str
    span: Span
    source: str
    """The focal function's lines."""
    executable: tuple[int, ...]
    baseline: tuple[int, ...]
    """The lines of it that the existing suite, or importing it, already runs."""
    mutants: dict[str, str]
    """By id, the change as a unified diff."""
    samples: tuple[Sample, ...]
    too_long: bool = False
    """Its prompt does not fit; there are no samples."""
    sample_s: float = 0.0
    """Its share of the wall time in which its chunk was sampled; likewise below."""
    grade_s: float = 0.0
    grade_cpu_s: float = 0.0
    killed_before: tuple[str, ...] | None = None
    """Mutants that the existing tests of its test file reject; None: not known."""
    repaired: tuple[tuple[int, Sample], ...] = ()
    """The place of each sample whose form could be mended, and what became of it then."""
    tokens: tuple[float, float] | None = None
    """Its share of the tokens of prompts and of completions; None: not known. A prompt counts
    once for each sample."""
    cost: float = 0.0
    """Of those, by ``policy.price_in`` and ``policy.price_out``."""

    @property
    def known_samples(self) -> tuple[Sample, ...]:
        return tuple(sample for sample in self.samples if sample.known)

    @property
    def with_repairs(self) -> "TaskRow":
        """As it is when what could be mended is."""
        mended = dict(self.repaired)
        samples = (mended.get(place, one) for place, one in enumerate(self.samples))
        return replace(self, samples=tuple(samples))


@dataclass(frozen=True, slots=True)
class Spent:
    """What a task took: its share of that of all that were asked about together."""

    sample_s: float = 0.0
    """Wall time."""
    grade_s: float = 0.0
    grade_cpu_s: float = 0.0
    tokens: tuple[float, float] | None = None
    cost: float = 0.0


def as_samples(
    rollouts: Sequence[Rollout],
    example: FunctionExample,
    *,
    language: Language,
    knows_branches: bool = True,
) -> tuple[Sample, ...]:
    """Of one task's rollouts."""
    attempts = [Attempt(rollout.candidate, rollout.execution) for rollout in rollouts]
    found = gather(example, attempts, language=language)
    return tuple(
        _as_sample(rollout, evidence, knows_branches=knows_branches)
        for rollout, evidence in zip(rollouts, found, strict=True)
    )


def _as_sample(rollout: Rollout, evidence: Evidence, *, knows_branches: bool) -> Sample:
    execution = rollout.execution
    ran = execution.mutants.programs if execution.mutants else ()
    return Sample(
        written=rollout.candidate.written,
        status=execution.status,
        reward=rollout.reward.value,
        detail=(execution.detail or rollout.candidate.detail)[-DETAIL:],
        gained=tuple(sorted(execution.gained.lines)),
        killed=execution.killed,
        unknown=tuple(sorted(set(ran) - known_mutants(execution))),
        branches=len(execution.gained.branches) if knows_branches else None,
        asserts=asserts(evidence),
        weak=weak(evidence),
        real=real(evidence),
        refused=rollout.reward.refused,
    )


def killed_before(rollouts: Sequence[Rollout]) -> tuple[str, ...] | None:
    """As the first that tells has it."""
    told = (rollout.execution.killed_before for rollout in rollouts)
    return next((killed for killed in told if killed is not None), None)


def as_row(
    evaluation: str,
    example: FunctionExample,
    group: Group | None,
    *,
    policy: tuple[str, int],
    mutants: Sequence[Mutant],
    samples: tuple[Sample, ...],
    spent: Spent,
) -> TaskRow:
    """The row of an example; ``group`` is None where its prompt does not fit. ``policy``: name
    and version.
    """
    function = example.function
    return TaskRow(
        evaluation=evaluation,
        example_id=example.id,
        policy=policy[0],
        version=policy[1],
        split=example.split,
        path=function.path,
        qualname=function.qualname,
        span=function.span,
        source=function.source,
        executable=tuple(sorted(example.executable.lines)),
        baseline=tuple(sorted(example.baseline.within(function.span).lines)),
        mutants={mutant.id: mutant.diff for mutant in mutants},
        samples=samples,
        too_long=group is None,
        sample_s=spent.sample_s,
        grade_s=spent.grade_s,
        grade_cpu_s=spent.grade_cpu_s,
        killed_before=killed_before(group.rollouts) if group else None,
        tokens=spent.tokens,
        cost=spent.cost,
    )


def path_of(run: Path, evaluation: str) -> Path:
    return run / "evaluations" / f"{evaluation}.jsonl"


def read_rows(run: Path, evaluation: str) -> Mapping[str, TaskRow]:
    """By example, in the order of first writing; of the newest policy version there. Empty where
    there was no such evaluation.
    """
    path = path_of(run, evaluation)
    if not path.exists():
        return {}
    rows = list(read_jsonl(path, TaskRow))
    newest = max((row.version for row in rows), default=0)
    return {row.example_id: row for row in rows if row.version == newest}

"""What an evaluation leaves behind of each task: one row of ``evaluations/<name>.jsonl``.

A row holds all that the measures and the report need, so that neither reads a dataset or runs
anything. It is written when the samples of its task are graded, and never changed; the last row
of a task counts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from covet.records import FunctionExample, Group, Mutant, Rollout, Span, Split, Status
from covet.reward import known_mutants
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

    @property
    def known_samples(self) -> tuple[Sample, ...]:
        return tuple(sample for sample in self.samples if sample.known)


def as_sample(rollout: Rollout) -> Sample:
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
    )


def as_row(
    evaluation: str,
    example: FunctionExample,
    group: Group | None,
    *,
    policy: tuple[str, int],
    mutants: Sequence[Mutant],
    seconds: tuple[float, float, float],
) -> TaskRow:
    """The row of an example; ``group`` is None where its prompt does not fit. ``policy``: name
    and version. ``seconds``: sampling, grading, and the processor's in grading.
    """
    function = example.function
    sample_s, grade_s, grade_cpu_s = seconds
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
        samples=tuple(as_sample(rollout) for rollout in group.rollouts) if group else (),
        too_long=group is None,
        sample_s=sample_s,
        grade_s=grade_s,
        grade_cpu_s=grade_cpu_s,
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

"""Covet's side: a grader is opened for each codebase, warmed, given the work, and closed.

The cost of opening (an interpreter starts, pytest and the package are imported) is paid once for
any number of candidates; it is measured by itself and taken off, and every row tells it apart.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from statistics import median
from typing import Literal, TypeVar

from bench.grader.measure import Usage, now
from bench.grader.work import ALL, Bench, Job
from covet.config import Config, load
from covet.execute.grader import open_grader
from covet.records import Execution

T = TypeVar("T")

STARTS = 3
"""How often an opening is measured; the median counts."""


@dataclass(frozen=True, slots=True)
class Way:
    """How the work is graded."""

    mutants: bool = True
    repeats: int = 2
    isolation: Literal["full", "none"] = "full"
    workers: int = 1
    environment: str = "tests"


FULL = Way()


@dataclass(frozen=True, slots=True)
class Session:
    """What grading some jobs took."""

    jobs: tuple[Job, ...]
    executions: tuple[Execution, ...]
    usage: Usage
    """Without opening and closing; the CPU time of this process included."""
    start_cpu_s: float
    """Of opening, warming and closing every grader."""

    @property
    def per_record(self) -> Usage:
        n = len(self.jobs)
        return Usage(self.usage.cpu_s / n, self.usage.wall_s / n)

    @property
    def verdicts(self) -> int:
        """Of candidates against mutants."""
        tables = [execution.mutants for execution in self.executions]
        return sum(len(table.programs) for table in tables if table)

    @property
    def statuses(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for job, execution in zip(self.jobs, self.executions, strict=True):
            name = f"{job.kind}: {execution.status}"
            found[name] = found.get(name, 0) + 1
        return found


def settings(bench: Bench, way: Way) -> Config:
    return load(
        overrides=(
            f"codebase.python={bench.python(way.environment)}",
            f"sandbox.workers={way.workers}",
            f"sandbox.isolation={way.isolation}",
            f"execute.repeats={way.repeats}",
            f"execute.mutants={ALL}",
        )
    )


def grade(bench: Bench, jobs: Sequence[Job], way: Way = FULL) -> Session:
    """All jobs, codebase by codebase, by graders that know none of them."""
    executions: dict[int, Execution] = {}
    usage, start_cpu_s = Usage(), 0.0
    for name in dict.fromkeys(job.codebase for job in jobs):
        mine = [index for index, job in enumerate(jobs) if job.codebase == name]
        root = bench.codebase(name)
        warm = [warm_up(jobs[mine[0]], number) for number in range(way.workers)]
        start = _start(root, settings(bench, way), tuple(warm))
        found, whole, grading = _graded(
            root, settings(bench, way), warm, [jobs[index] for index in mine], mutants=way.mutants
        )
        executions |= dict(zip(mine, found, strict=True))
        usage += Usage(whole.cpu_s - start, grading.wall_s)
        start_cpu_s += start
    return Session(tuple(jobs), tuple(executions[i] for i in range(len(jobs))), usage, start_cpu_s)


def warm_up(job: Job, number: int) -> Job:
    """The least that makes a worker ready."""
    source = f"import {job.example.function.module}\n\n\ndef test_{number}():\n    pass\n"
    return job.with_source(source)


@cache
def _start(root: Path, config: Config, warm: tuple[Job, ...]) -> float:
    """The median CPU time of opening, warming and closing."""
    runs = [_graded(root, config, warm, (), mutants=False) for _ in range(STARTS)]
    return median(whole.cpu_s for _, whole, _ in runs)


def _graded(
    root: Path, config: Config, warm: Sequence[Job], jobs: Sequence[Job], *, mutants: bool
) -> tuple[list[Execution], Usage, Usage]:
    """The executions, what all of it took, and what grading alone took (of that, only the wall
    time is whole: the CPU time of a worker is known when it has ended).
    """
    pairs = [(job.example, job.candidate) for job in jobs]
    before = now()
    with open_grader(root, config) as grader:
        grader.grade([(job.example, job.candidate) for job in warm], wants_mutants=False)
        warmed = now()
        executions = grader.grade(pairs, wants_mutants=mutants)
        graded = now()
    return executions, now() - before, graded - warmed


def interleaved(
    theirs: Sequence[Callable[[], T]], ours: Callable[[], Session], *, rounds: int
) -> tuple[list[T], list[Session]]:
    """Their parts in order, our whole work ``rounds`` times evenly between them."""
    results: list[T] = []
    sessions: list[Session] = []
    for turn in range(rounds):
        sessions.append(ours())
        until = (turn + 1) * len(theirs) // rounds
        results += [part() for part in theirs[len(results) : until]]
    return results, sessions


def typical(sessions: Sequence[Session]) -> Session:
    """The one of median CPU time."""
    return sorted(sessions, key=lambda session: session.usage.cpu_s)[len(sessions) // 2]

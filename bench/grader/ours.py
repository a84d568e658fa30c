"""Covet's side: a grader is opened for each codebase, warmed, given the work, and closed.

The cost of opening (an interpreter starts, pytest and the package are imported) is paid once for
any number of candidates; it does not count, and every row tells it apart.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

from bench.grader.measure import Usage, now
from bench.grader.work import ALL, Bench, Job
from covet.config import Config, load
from covet.execute.grader import open_grader
from covet.records import Candidate, Execution, FunctionExample

T = TypeVar("T")


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
    """Of grading alone; the CPU time of this process included."""
    start_cpu_s: float
    """Of opening and warming every grader."""

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
        closed = now()
        with open_grader(bench.codebase(name), settings(bench, way)) as grader:
            warm = [warm_up(jobs[mine[0]], number) for number in range(way.workers)]
            grader.grade(_pairs(warm), wants_mutants=False)
            warmed = now()
            found = grader.grade(_pairs([jobs[i] for i in mine]), wants_mutants=way.mutants)
            graded = now()
        executions |= dict(zip(mine, found, strict=True))
        usage += graded - warmed
        start_cpu_s += (warmed - closed).cpu_s
    return Session(tuple(jobs), tuple(executions[i] for i in range(len(jobs))), usage, start_cpu_s)


def warm_up(job: Job, number: int) -> Job:
    """The least that makes a worker ready."""
    source = f"import {job.example.function.module}\n\n\ndef test_{number}():\n    pass\n"
    return job.with_source(source)


def _pairs(jobs: Sequence[Job]) -> list[tuple[FunctionExample, Candidate]]:
    return [(job.example, job.candidate) for job in jobs]


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

"""Run one candidate: first against the original program, then against its mutants.

``execute`` takes a ``Candidate`` and gives an ``Execution``; all that a candidate does wrong is
data in it. What an execution is worth is decided elsewhere.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from covet import config
from covet.errors import SandboxError
from covet.execute import matrix
from covet.languages.base import Language
from covet.records import (
    Candidate,
    Coverage,
    Execution,
    FunctionExample,
    Mutant,
    PassMatrix,
    Status,
    Verdict,
)
from covet.sandbox.base import Cell, Limits, Program, Request, Worker

ORIGINAL = "original"

MUTANT_CPU_S = 1.0
MUTANT_CPU_FACTOR = 10.0
"""A mutant may use so many seconds, and so many times what the original used: one that loops
for ever should not cost as much as a candidate that does."""

_SYNTAX = re.compile(r"^(?:E\s+)?(SyntaxError|IndentationError|TabError)\b", re.MULTILINE)

_ENDS: dict[str, Status] = {
    "timeout": "timeout",
    "out_of_memory": "out_of_memory",
    "crash": "crashed",
    "infrastructure": "infrastructure",
}
_VERDICTS: tuple[tuple[Verdict, Status], ...] = (
    ("infrastructure", "infrastructure"),
    ("fail", "failed"),
    ("error", "error"),
    ("timeout", "timeout"),
    ("out_of_memory", "out_of_memory"),
    ("crash", "crashed"),
    ("pass", "ok"),
)
"""What a run's tests say about it, the weightiest first."""


def execute(
    example: FunctionExample,
    candidate: Candidate,
    *,
    worker: Worker,
    language: Language,
    settings: config.Execute,
    limits: Limits | None = None,
    wants_mutants: bool = True,
) -> Execution:
    """``limits`` are the worker's own, from which those of mutants follow."""
    if candidate.problem:
        return Execution(candidate.problem, detail=candidate.detail)
    run = _Run(example, candidate, worker)
    first, *later = run.originals(settings.repeats)
    last, status = first, _status(first)
    for cell in later:
        last, status = cell, _agreement(first, cell)
        if status != "ok":
            break
    covered = first.covered.get(example.function.path, Coverage())
    execution = Execution(
        status=status,
        outcomes=dict(first.outcomes),
        covered=covered.within(example.function.span),
        detail=_detail(last) if status != "ok" else "",
        cpu_s=run.cpu_s,
        wall_s=run.wall_s,
    )
    if status != "ok":
        return execution
    execution = replace(execution, gained=_gained(execution.covered, example))
    if not wants_mutants or not settings.mutants:
        return execution
    table = run.mutants(
        language.mutants(example.source_file, example.function.span, limit=settings.mutants),
        covered=covered.lines,
        tests=_passing(first),
        any_kill=settings.matrix == "any-kill",
        limits=_mutant_limits(limits, first),
    )
    return replace(
        execution,
        mutants=table,
        killed=matrix.killed_ids(table),
        cpu_s=run.cpu_s,
        wall_s=run.wall_s,
    )


@dataclass(slots=True)
class _Run:
    """One candidate on one worker, with what it has used so far."""

    example: FunctionExample
    candidate: Candidate
    worker: Worker
    cpu_s: float = 0.0
    wall_s: float = 0.0

    def originals(self, repeats: int) -> list[Cell]:
        """The first traced; the others only where the first is well."""
        function = self.example.function
        programs = tuple(Program(f"{ORIGINAL}-{turn}") for turn in range(repeats))
        cells = self.submit(replace(self._request(programs[:1]), traced=(function.path,)))
        if programs[1:] and _status(cells[0]) == "ok":
            cells += self.submit(self._request(programs[1:]))
        return cells

    def mutants(
        self,
        mutants: Sequence[Mutant],
        *,
        covered: frozenset[int],
        tests: tuple[str, ...],
        any_kill: bool,
        limits: Limits | None,
    ) -> PassMatrix:
        """Those whose place never ran are not run: they survive."""
        path = self.example.function.path
        programs = tuple(
            Program(mutant.id, path, mutant.source)
            for mutant in mutants
            if any(line in mutant.span for line in covered)
        )
        request = replace(self._request(programs), stop_at_first_failure=any_kill, limits=limits)
        cells = self.submit(request) if programs else []
        return matrix.build(tests, cells, programs=[mutant.id for mutant in mutants])

    def _request(self, programs: tuple[Program, ...]) -> Request:
        return Request(
            programs=programs,
            test_path=self.candidate.path,
            test_source=self.candidate.source,
            imports=(self.example.function.module,),
        )

    def submit(self, request: Request) -> list[Cell]:
        cells = submit(self.worker, request)
        self.cpu_s += sum(cell.cpu_s for cell in cells)
        self.wall_s += sum(cell.wall_s for cell in cells)
        return cells


def submit(worker: Worker, request: Request) -> list[Cell]:
    """One cell for each program; what the infrastructure lost is asked for once more."""
    cells = _all_cells(worker, request)
    lost = [index for index, cell in enumerate(cells) if _is_lost(cell)]
    if lost:
        again = replace(request, programs=tuple(request.programs[index] for index in lost))
        for index, cell in zip(lost, _all_cells(worker, again), strict=True):
            cells[index] = cell
    return cells


def _all_cells(worker: Worker, request: Request) -> list[Cell]:
    cells = list(worker.submit(request))
    asked = [program.id for program in request.programs]
    if [cell.program for cell in cells] != asked:
        told = [cell.program for cell in cells]
        raise SandboxError(f"a worker answered for {told} when asked for {asked}")
    return cells


def _is_lost(cell: Cell) -> bool:
    return _status(cell) == "infrastructure"


def _status(cell: Cell) -> Status:
    """A candidate of which no test passes by running has no tests."""
    if cell.end != "done":
        return _ENDS[cell.end]
    if cell.error:
        return "syntax" if _SYNTAX.search(cell.error) else "error"
    verdicts = {verdict for _, verdict in cell.outcomes}
    return next((status for verdict, status in _VERDICTS if verdict in verdicts), "no_tests")


def _agreement(first: Cell, later: Cell) -> Status:
    """Of a run that is well and a repetition."""
    status = _status(later)
    if status == "infrastructure":
        return status
    return "ok" if status == "ok" and _passing(later) == _passing(first) else "unstable"


def _passing(cell: Cell) -> tuple[str, ...]:
    return tuple(test for test, verdict in cell.outcomes if verdict == "pass")


def _gained(covered: Coverage, example: FunctionExample) -> Coverage:
    gained = covered - example.baseline
    return Coverage(gained.lines & example.executable.lines, gained.branches)


def _mutant_limits(limits: Limits | None, original: Cell) -> Limits | None:
    if limits is None:
        return None
    enough = MUTANT_CPU_S + MUTANT_CPU_FACTOR * original.cpu_s
    return replace(limits, cpu_s=min(limits.cpu_s, enough))


def _detail(cell: Cell) -> str:
    return cell.error or cell.detail or _summary(cell)


def _summary(cell: Cell) -> str:
    if cell.end != "done":
        ran = {test for test, _ in cell.outcomes}
        running = next((test for test in cell.collected if test not in ran), "")
        return f"{cell.end} in {running}" if running else cell.end
    if not cell.collected:
        return "no test was found"
    return ", ".join(f"{test}: {verdict}" for test, verdict in cell.outcomes) or "no test was run"

"""Run one candidate: on the original program, on its mutants and decoys, on the original again.

Three ways to run a mutant, each where the one before it cannot tell: by exchanging code in one
process for all; by exchanging code in a process of its own, where the tests keep something from
one run to the next; from the very start, where the change has its effect while modules are
imported, or the tests look at files or start processes.

``execute`` takes a ``Candidate`` and gives an ``Execution``; all that a candidate does wrong is
data in it. What an execution is worth is decided elsewhere.
"""

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from covet import config
from covet.errors import SandboxError
from covet.execute import matrix, schedule
from covet.languages.base import Language
from covet.records import (
    Candidate,
    Coverage,
    Decoy,
    Execution,
    FunctionExample,
    Mutant,
    Span,
    Status,
    Verdict,
)
from covet.sandbox.base import Cell, Exchange, Exchanged, Program, Request, Worker

ORIGINAL = "original"

AGAIN = 3
"""How often tests are run again before every program gets a process of its own."""
CHECKED = 4
"""Rejected mutants that each repetition begins with; and, where tests are run from the very start,
how few rejected ones are looked at again."""

_SYNTAX = re.compile(r"^(?:E\s+)?(SyntaxError|IndentationError|TabError)\b", re.MULTILINE)

_ENDS: dict[str, Status] = {
    "timeout": "timeout",
    "out_of_memory": "out_of_memory",
    "crash": "crashed",
    "forged": "forged",
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
    secret: str,
    libraries: tuple[str, ...],
    wants_mutants: bool = True,
) -> Execution:
    """``secret``: what the order of the programs is drawn from; ``libraries``: what the codebase's
    own tests import, where that is worth doing beforehand.
    """
    if candidate.problem:
        return Execution(candidate.problem, detail=candidate.detail)
    mutants: tuple[Mutant, ...] = ()
    if wants_mutants and settings.mutants:
        span = example.function.span
        mutants = language.mutants(example.source_file, span, limit=settings.mutants)
    decoys = language.decoys(example.source_file, example.function.span)
    pool = frozenset(program.source for program in (*mutants, *decoys))
    plain = language.plain_tests(candidate.source)
    run = _Run(example, candidate, worker, settings, plain, libraries, pool)
    first, table = run.together(mutants, decoys, secret)
    status, detail = _status(first), _detail(first)
    if status == "ok":
        status, detail, table = run.repeats(first, table, mutants, secret)
    if status == "ok":
        table = run.completed(table, first, mutants, decoys, secret)
        status, detail = table.status, table.detail
    covered = first.covered.get(example.function.path, Coverage())
    covered = _believed(covered.within(example.function.span), first, table.doubted)
    execution = Execution(
        status=status,
        outcomes=dict(first.outcomes),
        covered=covered,
        ran=first.covered.get("", Coverage()).lines,
        steps=first.steps,
        cpu_s=run.cpu_s,
        wall_s=run.wall_s,
    )
    if status != "ok":
        return replace(execution, detail=detail)
    execution = replace(execution, gained=_gained(covered, example))
    if not mutants:
        return execution
    ids = [mutant.id for mutant in mutants]
    found = [replace(cell, program=mutant) for mutant, cell in table.cells.items()]
    verdicts = matrix.build(_passing(first), found, programs=ids)
    return replace(execution, mutants=verdicts, killed=matrix.killed_ids(verdicts))


def once(
    example: FunctionExample,
    candidate: Candidate,
    *,
    worker: Worker,
    language: Language,
    settings: config.Execute,
    libraries: tuple[str, ...],
) -> Execution:
    """Status and outcomes of a candidate's first run alone: for tests that are known to be stable
    and not to cheat.
    """
    plain = language.plain_tests(candidate.source)
    run = _Run(example, candidate, worker, settings, plain, libraries)
    first, _ = run.together((), (), "")
    return Execution(
        status=_status(first),
        detail=_detail(first),
        outcomes=dict(first.outcomes),
        cpu_s=run.cpu_s,
        wall_s=run.wall_s,
    )


@dataclass(frozen=True, slots=True)
class _Table:
    """What is known of the mutants so far."""

    cells: dict[str, Cell]
    again: frozenset[str] = frozenset()
    """To be run in processes of their own."""
    anew: frozenset[str] = frozenset()
    """To be run from the very start."""
    on_disk: bool = False
    is_all: bool = False
    """Whether nothing at all could be told by one process for all."""
    doubted: tuple[tuple[str, Span], ...] = ()
    """See ``schedule.Findings``."""
    status: Status = "ok"
    detail: str = ""


@dataclass(slots=True)
class _Run:
    """One candidate on one worker, with what it has used so far."""

    example: FunctionExample
    candidate: Candidate
    worker: Worker
    settings: config.Execute
    plain: tuple[str, ...]
    """The names of the tests, where they are plain."""
    libraries: tuple[str, ...]
    """What the existing tests import; what a candidate imports is never imported for another."""
    pool: frozenset[str] = frozenset()
    """The texts of all mutants and decoys."""
    cpu_s: float = 0.0
    wall_s: float = 0.0

    @property
    def stop(self) -> bool:
        """Whether a mutant's run ends with the first test that rejects it."""
        return self.settings.matrix == "any-kill"

    # ------------------------------------------------------------------------- original

    def together(
        self, mutants: Sequence[Mutant], decoys: Sequence[Decoy], secret: str
    ) -> tuple[Cell, _Table]:
        """The original, traced; and as many mutants as one process can tell of."""
        path = self.example.function.path
        order = schedule.mixed(mutants, decoys, path=path, secret=secret)
        found = self._exchange(order)
        everything = frozenset(mutant.id for mutant in mutants)
        if found.original is None:
            cell = self._anew(self._request((Program(ORIGINAL),)))[0]
            return cell, _Table({}, anew=everything, is_all=True)
        first = found.original
        if _status(first) != "ok":
            return first, _Table({})
        if first.needs_disk or not first.lines:  # without lines, it passed in pytest's hands alone
            return first, _Table({}, anew=everything, on_disk=True, is_all=True)
        if found.stateful:
            return first, _Table({}, again=everything, is_all=True)
        findings = schedule.read(
            order,
            found.cells,
            steps=first.test_steps,
            lines=first.lines,
            alone=False,
            stop=self.stop,
        )
        if findings.stateful:
            return first, _Table({}, again=everything, is_all=True)
        told = {place.mutant for place in order if place.program.id in found.cells}
        table = _Table(
            dict(findings.cells), findings.again, everything - told, doubted=findings.doubted
        )
        if findings.broken:
            table = replace(table, status=findings.status, detail=findings.broken)
        return first, table

    def repeats(
        self, first: Cell, table: _Table, mutants: Sequence[Mutant], secret: str
    ) -> tuple[Status, str, _Table]:
        """Shuffled, seeded otherwise, every other one under another hash seed.

        Each begins with mutants that were rejected before. Tests that do not reject them now
        rejected them for what they remembered: then all are run apart.
        """
        rejected = [mutant for mutant in mutants if _is_killed(table, mutant)]
        drawn = random.Random(secret)  # noqa: S311
        for turn in range(1, self.settings.repeats):
            checked = drawn.sample(rejected, min(CHECKED, len(rejected)))
            places = schedule.plain(checked, path=self.example.function.path)
            found = self._exchange(places, known=first, how="check", order=turn, hash_seed=turn % 2)
            cell = found.original
            if cell is None:
                request = self._request((Program(ORIGINAL),))
                request = replace(request, traced=(), order=turn, hash_seed=turn % 2)
                cell = self._anew(request)[0]
            elif sum(map(schedule.is_kill, found.cells.values())) < len(checked):
                everything = frozenset(mutant.id for mutant in mutants)
                table = _Table({}, again=everything, is_all=True)
                rejected.clear()
            status = _agreement(first, cell)
            if status == "unstable" and checked:
                again = self._exchange((), order=turn, hash_seed=turn % 2).original
                cell = again or cell  # the mutant before it may have left something behind
                status = _agreement(first, cell)
            if status != "ok":
                return status, _detail(cell), table
        if table.is_all or len(table.again) > AGAIN:
            return (*self._passes_always(first), table)
        return "ok", "", table

    def _passes_always(self, first: Cell) -> tuple[Status, str]:
        """Before many processes are made, one for each program: what passes by chance is likely to
        fail now, and costs no more than that.
        """
        for _ in range(AGAIN):
            cell = self._exchange(()).original
            if cell is None:
                return "ok", ""
            status = _agreement(first, cell)
            if status != "ok":
                return status, _detail(cell)
            if bool(cell.lines) != bool(first.lines) and not first.needs_disk:
                return "unstable", "passes at once or on a closer look, by chance"
        return "ok", ""

    # -------------------------------------------------------------------------- mutants

    def completed(
        self,
        table: _Table,
        first: Cell,
        mutants: Sequence[Mutant],
        decoys: Sequence[Decoy],
        secret: str,
    ) -> _Table:
        """With what needs a process of its own, or a start of its own."""
        path = self.example.function.path
        again = table.again | (frozenset() if table.on_disk else table.anew)
        if table.status == "ok" and not table.on_disk and (again or table.is_all):
            some = [mutant for mutant in mutants if mutant.id in again]
            order = schedule.apart(
                some,
                decoys,
                path=path,
                secret=secret,
                share=0.5,
                everything=table.is_all or bool(first.collected_lines),
            )
            found = self._exchange(order, known=first, how="apart")
            if found.original is not None and found.original.end == "forged":
                return replace(table, status="forged", detail=found.original.detail)
            told = {place.mutant for place in order if place.program.id in found.cells}
            table = _joined(table, order, found.cells, first, stop=self.stop)
            table = replace(table, anew=(table.anew | again) - told)
        if table.status == "ok" and (table.anew or table.on_disk):
            some = [m for m in mutants if m.id in table.anew and self._is_met(m, first)]
            order = schedule.apart(
                some,
                decoys,
                path=path,
                secret=secret,
                share=1.0 if table.on_disk else 0.25,
                everything=table.is_all,
            )
            order = [place for place in order if place.survives or self._is_met(place, first)]
            request = replace(
                self._request(tuple(place.program for place in order)),
                stop_at_first_failure=self.stop,
                on_disk=table.on_disk,
                traced=(),
            )
            cells = self._from_the_start(request, order)
            forged = next((cell for cell in cells.values() if cell.end == "forged"), None)
            if forged is not None:
                return replace(table, status="forged", detail=forged.detail)
            table = _joined(table, order, cells, first, stop=self.stop)
        return table

    def _from_the_start(self, request: Request, order: Sequence[schedule.Place]) -> dict[str, Cell]:
        """By program. Mutants that are rejected nearly alone may be by chance: those are run
        again, and what then passes was.
        """
        if not order:
            return {}
        cells = {cell.program: cell for cell in self._anew(request)}
        few = [p.program for p in order if p.mutant and schedule.is_kill(cells[p.program.id])]
        if few and len(few) <= CHECKED:
            again = self._anew(replace(request, programs=tuple(few)))
            cells |= {cell.program: cell for cell in again if not schedule.is_kill(cell)}
        return cells

    def _is_met(self, what: Mutant | schedule.Place, first: Cell) -> bool:
        """Whether its place ran at all."""
        span = what.span if isinstance(what, Mutant) else what.program.lines
        covered = first.covered.get(self.example.function.path, Coverage()).lines
        return span is None or any(line in span for line in covered)

    # ----------------------------------------------------------------------------- both

    def _exchange(
        self,
        places: Sequence[schedule.Place],
        *,
        known: Cell | None = None,
        how: Literal["together", "apart", "check"] = "together",
        order: int = 0,
        hash_seed: int = 0,
    ) -> Exchanged:
        request = Exchange(
            base=Program("", self.example.function.path, self.example.source_file),
            pool=self.pool,
            place=self.example.function.span.first_line,
            programs=tuple(place.program for place in places),
            test_path=self.candidate.path,
            test_source=self.candidate.source,
            imports=(self.example.function.module,),
            libraries=self.libraries,
            stop_at_first_failure=self.stop,
            plain=self.plain,
            known=known,
            how=how,
            order=order,
            hash_seed=hash_seed,
        )
        try:
            found = self.worker.exchange(request)
        except SandboxError:
            try:
                found = self.worker.exchange(request)
            except SandboxError as error:
                lost = Cell("", "infrastructure", detail=str(error))
                return Exchanged(lost, {place.program.id: lost for place in places})
        if found.original is not None:
            self._used([found.original])
        return found

    def _request(self, programs: tuple[Program, ...]) -> Request:
        function = self.example.function
        return Request(
            programs=programs,
            test_path=self.candidate.path,
            test_source=self.candidate.source,
            imports=(function.module,),
            traced=(function.path,),
            focal=function.path,
        )

    def _anew(self, request: Request) -> list[Cell]:
        cells = submit(self.worker, request)
        self._used(cells)
        return cells

    def _used(self, cells: Sequence[Cell]) -> None:
        self.cpu_s += sum(cell.cpu_s for cell in cells)
        self.wall_s += sum(cell.wall_s for cell in cells)


def _is_killed(table: _Table, mutant: Mutant) -> bool:
    cell = table.cells.get(mutant.id)
    return cell is not None and cell.end == "done" and schedule.is_kill(cell)


def _joined(
    table: _Table,
    order: Sequence[schedule.Place],
    cells: Mapping[str, Cell],
    first: Cell,
    *,
    stop: bool,
) -> _Table:
    findings = schedule.read(order, cells, steps={}, lines=first.lines, alone=True, stop=stop)
    if findings.broken:
        return replace(table, status=findings.status, detail=findings.broken)
    return replace(
        table,
        cells=table.cells | dict(findings.cells),
        doubted=table.doubted + findings.doubted,
    )


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
    """Of a run that is well and a repetition, whose order may be another."""
    status = _status(later)
    if status in ("infrastructure", "forged"):
        return status
    return "ok" if status == "ok" and set(_passing(later)) == set(_passing(first)) else "unstable"


def _passing(cell: Cell) -> tuple[str, ...]:
    return tuple(test for test, verdict in cell.outcomes if verdict == "pass")


def _believed(covered: Coverage, first: Cell, doubted: Sequence[tuple[str, Span]]) -> Coverage:
    """Without the lines that nothing but doubted tests may have run."""
    if not doubted:
        return covered
    by_test = {test: set(lines) for test, lines in first.lines.items()}
    others = set(covered.lines).difference(*by_test.values()) | first.collected_lines
    if not by_test:  # it is not known which test ran what
        others = {line for line in others if not any(line in span for _, span in doubted)}
    for test, span in doubted:
        by_test[test] = {line for line in by_test.get(test, set()) if line not in span}
    lines = covered.lines & others.union(*by_test.values())
    branches = ((start, end) for start, end in covered.branches if start in lines)
    return Coverage(lines, frozenset(pair for pair in branches if pair[1] < 0 or pair[1] in lines))


def _gained(covered: Coverage, example: FunctionExample) -> Coverage:
    gained = covered - example.baseline
    return Coverage(gained.lines & example.executable.lines, gained.branches)


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

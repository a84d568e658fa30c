"""The Matrix page: tests × programs, of one rollout, of a group, or of all rollouts of a task.

It takes any pass matrix, whatever its programs are: mutants of a function, or solutions of an
instruction.
"""

import sqlite3
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from covet.errors import DataError
from covet.inspector.address import Address, Page
from covet.inspector.pages.listing import listing, where
from covet.inspector.pages.samples import rollout_address
from covet.inspector.rows import everything
from covet.inspector.source import Run, Source, mutant_diffs
from covet.records import FunctionExample, InstructionExample, PassMatrix

MOST_TESTS, MOST_PROGRAMS = 200, 100
"""Shown at once."""
SIGNS = {
    "pass": ("·", "passes"),
    "fail": ("F", "an assertion fails"),
    "error": ("E", "an error"),
    "timeout": ("T", "too slow"),
    "out_of_memory": ("M", "out of memory"),
    "crash": ("C", "crashes"),
    "not_run": ("–", "not run: it does not reach the change, or another test had rejected it"),
    "infrastructure": ("?", "nothing is known: grading failed"),
}
REJECTS = frozenset({"fail", "error", "timeout", "out_of_memory", "crash"})


@dataclass(frozen=True, slots=True)
class TestRow:
    """One test of one rollout."""

    __test__ = False

    name: str
    of: str
    """Which rollout's."""
    address: Address
    cells: tuple[str, ...]
    rejects: int


@dataclass(frozen=True, slots=True)
class Program:
    """One column."""

    id: str
    diff: tuple[str, ...]
    """Empty where it is not known."""
    rejected: int
    """By how many of the tests."""
    known_before: bool | None
    """Whether the existing tests reject it; None where that is not told."""


@dataclass(frozen=True, slots=True)
class MatrixView:
    """A table to draw."""

    programs: tuple[Program, ...]
    tests: tuple[TestRow, ...]
    more_programs: int
    more_tests: int

    @property
    def survivors(self) -> tuple[Program, ...]:
        return tuple(one for one in self.programs if not one.rejected)


def as_matrix(found: object) -> PassMatrix | None:
    """What a row holds where a pass matrix is due; None where it is none."""
    try:
        matrix = msgspec.convert(found, PassMatrix)
    except msgspec.ValidationError:
        return None
    sound = len(matrix.cells) == len(matrix.tests) and all(
        len(row) == len(matrix.programs) for row in matrix.cells
    )
    return matrix if sound else None


def view(
    found: Sequence[tuple[str, Address, PassMatrix]],
    *,
    diffs: Mapping[str, str],
    before: frozenset[str] | None = None,
) -> MatrixView:
    """Several matrices over the same programs as one, the tests of each under its label."""
    order = dict.fromkeys(program for _, _, matrix in found for program in matrix.programs)
    programs = list(order)[:MOST_PROGRAMS]
    tests: list[TestRow] = []
    rejected: Counter[str] = Counter()
    for label, address, matrix in found:
        for test, cells in zip(matrix.tests, matrix.cells, strict=True):
            verdicts = dict(zip(matrix.programs, cells, strict=True))
            killed = [program for program, verdict in verdicts.items() if verdict in REJECTS]
            rejected.update(killed)
            row = tuple(verdicts.get(program, "not_run") for program in programs)
            tests.append(TestRow(test, label, address, row, len(killed)))
    return MatrixView(
        tuple(
            Program(
                one,
                tuple(diffs.get(one, "").splitlines()),
                rejected[one],
                None if before is None else one in before,
            )
            for one in programs
        ),
        tuple(tests[:MOST_TESTS]),
        len(order) - len(programs),
        max(0, len(tests) - MOST_TESTS),
    )


def diffs_of(task: FunctionExample | InstructionExample | None) -> Mapping[str, str]:
    """What is known of a task's programs, by id."""
    if isinstance(task, FunctionExample):
        return mutant_diffs(task.source_file, task.function.span)
    return {}


def killed_before(executions: Sequence[Mapping[str, Any]]) -> frozenset[str] | None:
    told = [one["killed_before"] for one in executions if one.get("killed_before") is not None]
    return frozenset(map(str, told[0])) if told else None


def matrix(source: Source, address: Address) -> Page:
    run = source.run(address.text("run"))
    if not address.text("example"):
        return _list(source, run, address)
    example = address.text("example")
    rows = _rows(source, run, address)
    if not rows:
        raise DataError(f"run {run.name} has no rollouts of {example!r} there")
    executions = [one for row in rows if isinstance(one := row.get("execution"), dict)]
    found = [
        (
            f"step {row.get('step', 0)}, sample {row.get('sample', 0)}",
            rollout_address(run.name, row.get("step", 0), example, row.get("sample", 0)),
            one,
        )
        for row in rows
        if (one := as_matrix((row.get("execution") or {}).get("mutants"))) is not None
    ]
    return Page(
        "matrix.html",
        f"Matrix of {example}",
        {
            "address": address,
            "example": example,
            "matrix_view": view(
                found,
                diffs=diffs_of(source.example(run, example)),
                before=killed_before(executions),
            ),
            "up": Address.of("matrix", run=run.name),
            "rollouts": len(rows),
            "without": len(rows) - len(found),
            "signs": SIGNS,
        },
        run=run.name,
    )


def _rows(source: Source, run: Run, address: Address) -> list[dict[str, Any]]:
    """Of the rollouts that the address names, the newest ones."""
    where, values = "owner = ? AND example = ?", [run.name, address.text("example")]
    for key in ("step", "sample"):
        number = address.whole(key)
        if number is not None:
            where += f" AND {key} = ?"
            values.append(str(number))
    rows = source.index.ask(
        f"SELECT file, start, size FROM rollouts WHERE {where} ORDER BY step DESC, sample LIMIT ?",
        [*values, MOST_TESTS],
    )
    return [everything(source.index.line(row)) for row in rows]


def _list(source: Source, run: Run, address: Address) -> Page:
    """Every task that programs were run for."""
    narrowed, values = where(
        [
            ("owner = ?", run.name),
            ("mutants > ?", 0),
            ("name_holds(example, ?)", address.text("task")),
        ]
    )
    table = (
        "SELECT example, count(*) AS n, max(mutants) AS mutants, max(killed) AS killed,"
        f" avg(1.0 * killed / mutants) AS share FROM rollouts WHERE {narrowed} GROUP BY example"
    )

    def to(row: sqlite3.Row) -> Address:
        return Address.of("matrix", run=run.name, example=row["example"])

    found = listing(source, table, values, order="example", address=address, to=to)
    return Page("matrices.html", "Matrix", found, run=run.name)

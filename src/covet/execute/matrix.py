"""The pass matrix, and what can be read off it: pure functions.

A kill is a program that a test rejects after accepting the original. Where nothing is known of
a program (an infrastructure failure, and no kill beside it), the answer is None.
"""

from collections.abc import Sequence

from covet.records import PassMatrix, Verdict
from covet.sandbox.base import Cell

_ERROR: Verdict = "error"
_ENDS: dict[str, Verdict] = {
    "timeout": "timeout",
    "out_of_memory": "out_of_memory",
    "crash": "crash",
    "forged": "error",
}
KILLS: frozenset[Verdict] = frozenset({"fail", "error", "timeout", "out_of_memory", "crash"})


def build(tests: Sequence[str], cells: Sequence[Cell], *, programs: Sequence[str]) -> PassMatrix:
    """Rows: the tests that pass on the original. Columns: ``programs``; one without a cell was
    not run.
    """
    by_program = {cell.program: cell for cell in cells}
    columns = [
        column(tests, by_program.get(program) or Cell(program, "done")) for program in programs
    ]
    rows = tuple(tuple(entries[row] for entries in columns) for row in range(len(tests)))
    return PassMatrix(tuple(tests), tuple(programs), rows)


def column(tests: Sequence[str], cell: Cell) -> tuple[Verdict, ...]:
    """Each test's verdict on the cell's program.

    A run that did not end by itself is charged to the first test without a verdict: it was
    running; or to the last test, where all had one. What could not be collected is an error
    of every test.
    """
    if cell.end == "infrastructure":
        known = dict(cell.outcomes)
        return tuple(known.get(test, "infrastructure") for test in tests)
    outcomes = dict(cell.outcomes)
    if cell.error:
        outcomes = dict.fromkeys(tests, _ERROR) | outcomes
    verdicts: list[Verdict] = [outcomes.get(test, "not_run") for test in tests]
    if cell.end != "done" and not KILLS.intersection(verdicts) and tests:
        unknown = [row for row, test in enumerate(tests) if test not in outcomes]
        verdicts[unknown[0] if unknown else -1] = _ENDS[cell.end]
    return tuple(verdicts)


def killed(matrix: PassMatrix) -> tuple[bool | None, ...]:
    """For each program whether at least one test rejects it."""
    columns = zip(*matrix.cells, strict=True) if matrix.cells else ((),) * len(matrix.programs)
    return tuple(_any_kill(verdicts) for verdicts in columns)


def _any_kill(verdicts: Sequence[Verdict]) -> bool | None:
    if KILLS.intersection(verdicts):
        return True
    return None if "infrastructure" in verdicts else False


def killed_ids(matrix: PassMatrix) -> tuple[str, ...]:
    """The programs that are known to be rejected."""
    return tuple(
        program for program, answer in zip(matrix.programs, killed(matrix), strict=True) if answer
    )


def score(matrix: PassMatrix) -> float | None:
    """The share of the known programs that are rejected; None where none is known."""
    return _share([answer for answer in killed(matrix) if answer is not None])


def scores(matrix: PassMatrix) -> tuple[float | None, ...]:
    """For each test alone, the share of the programs with a known verdict that it rejects. Means
    something for a full matrix only.
    """
    return tuple(
        _share([verdict in KILLS for verdict in row if verdict != "infrastructure"])
        for row in matrix.cells
    )


def _share(answers: Sequence[bool]) -> float | None:
    return sum(answers) / len(answers) if answers else None

"""A pass matrix as a line of a journal: a letter for each cell."""

from dataclasses import dataclass

from covet.records import PassMatrix, Verdict

LETTERS: dict[Verdict, str] = {
    "pass": "p",
    "fail": "f",
    "error": "e",
    "timeout": "t",
    "out_of_memory": "m",
    "crash": "c",
    "not_run": "n",
    "infrastructure": "i",
}
_VERDICTS = {letter: verdict for verdict, letter in LETTERS.items()}


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """What one job of the grader of programs gave."""

    key: str
    task: str
    tests: int
    columns: tuple[str, ...]
    """For each program a letter for each test."""


def as_row(key: str, task: str, matrix: PassMatrix) -> MatrixRow:
    programs = range(len(matrix.programs))
    columns = tuple("".join(LETTERS[row[place]] for row in matrix.cells) for place in programs)
    return MatrixRow(key, task, len(matrix.tests), columns)


def as_matrix(row: MatrixRow) -> PassMatrix:
    """The matrix again; ``ValueError`` for letters that are none."""
    if any(len(column) != row.tests or set(column) - set(_VERDICTS) for column in row.columns):
        raise ValueError(f"the row of {row.task} is no matrix")
    return PassMatrix(
        tests=tuple(map(str, range(row.tests))),
        programs=tuple(map(str, range(len(row.columns)))),
        cells=tuple(
            tuple(_VERDICTS[column[test]] for column in row.columns) for test in range(row.tests)
        ),
    )

"""Suites and solutions of many tasks → what each suite makes of each solution, and what is true.

Tasks, suites and solutions come as JSON lines. Of every task two matrices are filled: its suite's
cases × its solutions, and its own cases, the reference tests, × the same. Each is a line of
``matrices.jsonl`` as soon as it is known, under a key of its content: what is there is not run
again, whoever asks.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from covet.errors import DataError
from covet.evaluate import best_of_n
from covet.evaluate.cells import MatrixRow, as_matrix, as_row
from covet.evaluate.fidelity import Scored
from covet.execute.programs import ProgramGrader, ProgramJob
from covet.instructions.dataset import read_examples
from covet.records import InstructionExample, PassMatrix, Solution, Suite
from covet.runlog import append_jsonl, read_jsonl

REFERENCE = "reference"
"""In the place of a file of suites: each task's own cases."""
MATRICES = "matrices.jsonl"


@dataclass(frozen=True, slots=True)
class SolutionLine:
    """What is read of a line of a file of solutions."""

    example_id: str
    text: str
    language: str
    writer: str = ""


@dataclass(frozen=True, slots=True)
class Contest:
    """One task with a suite and the solutions to be judged by it."""

    example: InstructionExample
    suite: Suite
    solutions: tuple[Solution, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """A contest with its two matrices, over the same solutions in the same order."""

    task: str
    writers: tuple[str, ...]
    suite: PassMatrix
    reference: PassMatrix

    def known(self) -> "Judged":
        """Without the solutions of which a verdict is unknown."""
        unknown = [
            "infrastructure" in one or "infrastructure" in other
            for one, other in zip(
                best_of_n.columns(self.suite), best_of_n.columns(self.reference), strict=True
            )
        ]
        return self.only([place for place, lost in enumerate(unknown) if not lost])

    def of(self, writer: str) -> "Judged":
        """With the solutions of one writer."""
        return self.only([place for place, name in enumerate(self.writers) if name == writer])

    def only(self, places: Sequence[int]) -> "Judged":
        writers = tuple(self.writers[place] for place in places)
        return Judged(self.task, writers, _part(self.suite, places), _part(self.reference, places))

    def scored(self) -> Scored:
        """All of its verdicts are to be known."""
        suite, reference = self.suite, self.reference
        return Scored(
            self.task,
            self.writers,
            _numbers(best_of_n.shares(suite)),
            _numbers(best_of_n.shares(reference)),
            tuple(value == 1 for value in best_of_n.all_passed(suite)),
            tuple(value == 1 for value in best_of_n.all_passed(reference)),
        )


def _part(matrix: PassMatrix, places: Sequence[int]) -> PassMatrix:
    return PassMatrix(
        matrix.tests,
        tuple(matrix.programs[place] for place in places),
        tuple(tuple(row[place] for place in places) for row in matrix.cells),
    )


def _numbers(scores: best_of_n.Scores) -> tuple[float, ...]:
    return tuple(score for score in scores if score is not None)


# ---------------------------------------------------------------------------------- read


@dataclass(frozen=True, slots=True)
class Contests:
    """What could be read, and what has no part in it."""

    contests: tuple[Contest, ...]
    without_solutions: int
    """Tasks."""
    without_reference: int
    """Tasks that have no cases of their own."""
    without_suite: int
    """Tasks that stay in, with a suite of no cases."""


def read_contests(tasks: Path, suites: str, solutions: Sequence[Path]) -> Contests:
    """``suites``: a file, or ``REFERENCE``. Of several suites for a task the first counts.

    ``DataError`` where a file cannot be read, names a task that is not there, or nothing is left.
    """
    examples = {example.id: example for example in read_examples(tasks)}
    written = _suites(suites, examples)
    by_task: dict[str, list[Solution]] = {}
    for path in solutions:
        for line in read_jsonl(path, SolutionLine):
            _check_known(path, line.example_id, examples)
            one = Solution(line.text, line.language, line.writer)
            by_task.setdefault(line.example_id, []).append(one)
    found = [
        Contest(example, written.get(name, Suite(name, ())), tuple(by_task[name]))
        for name, example in examples.items()
        if name in by_task and example.cases
    ]
    if not found:
        raise DataError(f"{tasks}: no task has both cases of its own and solutions")
    return Contests(
        tuple(found),
        without_solutions=sum(name not in by_task for name in examples),
        without_reference=sum(not example.cases for example in examples.values()),
        without_suite=sum(not contest.suite.cases for contest in found),
    )


def _suites(suites: str, examples: Mapping[str, InstructionExample]) -> dict[str, Suite]:
    if suites == REFERENCE:
        return {name: Suite(name, example.cases) for name, example in examples.items()}
    written: dict[str, Suite] = {}
    for suite in read_jsonl(Path(suites), Suite):
        _check_known(Path(suites), suite.example_id, examples)
        written.setdefault(suite.example_id, suite)
    return written


def _check_known(path: Path, name: str, examples: Mapping[str, object]) -> None:
    if name not in examples:
        raise DataError(f"{path}: a line is of the task {name!r}, which is not among the tasks")


# ----------------------------------------------------------------------------------- judge


def judge(
    contests: Sequence[Contest],
    grader: ProgramGrader,
    folder: Path,
    *,
    on_progress: Callable[[int], None] = lambda _: None,
) -> list[Judged]:
    """Runs what ``folder`` does not know yet, and writes it there; in the order of ``contests``."""
    path = folder / MATRICES
    for row in read_jsonl(path, MatrixRow) if path.exists() else ():
        grader.remember(row.key, _matrix(path, row))
    jobs = [
        ProgramJob(one.example, one.solutions, cases)
        for one in contests
        for cases in (one.suite.cases, one.example.cases)
    ]
    keys = [grader.key(job) for job in jobs]
    names = {key: job.example.id for key, job in zip(keys, jobs, strict=True)}
    left = len(names.keys() - grader.known)
    total = len(jobs)

    def heard(key: str, matrix: PassMatrix) -> None:
        nonlocal left
        append_jsonl(path, as_row(key, names[key], matrix))
        left -= 1
        on_progress(total - left)

    on_progress(total - left)
    found = grader.matrices(jobs, on_done=heard)
    return [
        Judged(one.example.id, tuple(s.writer for s in one.solutions), suite, reference)
        for one, suite, reference in zip(contests, found[::2], found[1::2], strict=True)
    ]


def _matrix(path: Path, row: MatrixRow) -> PassMatrix:
    try:
        return as_matrix(row)
    except ValueError as error:
        raise DataError(f"{path}: {error}; delete the file, or name another --out") from error

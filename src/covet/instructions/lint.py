"""Tasks → examples that hold what they promise; what was left out is counted, filter by filter.

In this order, each with how many are left behind it:

1. ``malformed row``, ``no instruction``, ``no such function``: from reading the row;
2. ``no cases``;
3. ``no solution in Python``: unless references are not asked for, as sets for evaluation have none;
4. ``seen before``: the same words as an earlier instruction's;
5. ``in the other set``: too many of its n-grams stand in a set that it is to be held apart from;
6. ``inputs break the constraints``: no case is left whose input the task's validator accepts;
7. ``reference fails``: none of the first solutions passes every case twice, in two graders that
   know nothing of each other; so what is random, slow or wrong is out.

Cases that stand in the instruction are marked, and none is removed for it.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from covet.config import Instructions
from covet.execute.programs import ProgramGrader, ProgramJob
from covet.instructions.constraints import validation
from covet.instructions.overlap import Overlap
from covet.instructions.schemas import Refusal, Row, Schema, Task, read_task
from covet.instructions.shown import mark_shown
from covet.records import Case, InstructionExample, PassMatrix, Solution, Split

TOGETHER = 64
"""Tasks whose references are run at a time."""


class Tells(Protocol):
    """Hears how many of how many rows are through."""

    def __call__(self, done: int, total: int) -> None: ...


@dataclass(slots=True)
class Report:
    """What came of the rows."""

    rows: int = 0
    left: dict[str, int] = field(default_factory=dict)
    """By filter, in order, how many passed it."""
    out: dict[str, int] = field(default_factory=dict)
    """By filter, how many did not."""
    refused: dict[str, str] = field(default_factory=dict)
    """By task, the filter that it did not pass."""
    details: dict[str, str] = field(default_factory=dict)
    """By filter, what was wrong with the first that did not pass, where more is known."""
    cases: int = 0
    shown: int = 0
    """Of those, how many stand in their instruction."""
    invalid_inputs: int = 0
    """Cases that were dropped for an input outside of the task's constraints."""
    solutions_tried: int = 0

    def drop(self, name: str, why: str) -> None:
        self.out[why] = self.out.get(why, 0) + 1
        self.refused[name] = why


def read_tasks(rows: Iterable[Row], schema: Schema, report: Report) -> list[Task]:
    """The rows that are tasks."""
    tasks: list[Task] = []
    for number, row in enumerate(rows):
        report.rows += 1
        try:
            tasks.append(read_task(row, schema, number=number))
        except Refusal as refusal:
            report.drop(f"row {number}", refusal.why)
            if refusal.detail:
                report.details.setdefault(refusal.why, f"row {number}: {refusal.detail}")
    report.left["read"] = len(tasks)
    return tasks


def lint(
    tasks: Sequence[Task],
    settings: Instructions,
    report: Report,
    *,
    graders: tuple[ProgramGrader, ProgramGrader] | None,
    others: Overlap | None = None,
    needs_reference: bool = True,
    tell: Tells = lambda *_, **__: None,
) -> list[Task]:
    """Those that pass every filter, their examples put right, in order. ``graders``: two that share
    nothing; None: nothing is run, and the last two filters are passed over.
    """
    kept = _filter(tasks, "no cases", report, lambda task: bool(task.example.cases))
    if needs_reference:
        kept = _filter(kept, "no solution in Python", report, lambda task: bool(task.solutions))
    seen = Overlap([], n=settings.ngram)
    kept = _filter(kept, "seen before", report, lambda task: seen.add(task.example.instruction))
    if others is not None:
        apart = others
        kept = _filter(
            kept,
            "in the other set",
            report,
            lambda task: apart.share(task.example.instruction) < settings.overlap,
        )
    if graders is not None:
        kept = _with_valid_inputs(kept, graders[0], report)
        if needs_reference:
            kept = _verified(kept, graders, settings, report, tell)
    kept = [replace(task, example=mark_shown(task.example)) for task in kept]
    cases = [case for task in kept for case in task.example.cases]
    report.cases, report.shown = len(cases), sum(case.shown for case in cases)
    return kept


def split_tasks(
    examples: Sequence[InstructionExample], *, heldout: int, seed: int
) -> list[InstructionExample]:
    """The same with so many of them held out, drawn by their ids: the same at any order."""
    order = sorted(examples, key=lambda one: _digest(f"{seed}/{one.id}"))
    chosen = {one.id for one in order[:heldout]}

    def side(one: InstructionExample) -> Split:
        return "heldout" if one.id in chosen else "train"

    return [replace(one, split=side(one)) for one in examples]


def _filter(
    tasks: Sequence[Task], name: str, report: Report, passes: Callable[[Task], bool]
) -> list[Task]:
    kept: list[Task] = []
    for task in tasks:
        if passes(task):
            kept.append(task)
        else:
            report.drop(task.example.id, name)
    report.left[name] = len(kept)
    return kept


def _with_valid_inputs(tasks: Sequence[Task], grader: ProgramGrader, report: Report) -> list[Task]:
    """Without the cases whose inputs a task's validator does not accept."""
    checked = [task for task in tasks if task.example.validator]
    jobs = [validation(task.example, task.example.cases) for task in checked]
    found = zip(checked, grader.matrices(jobs) if jobs else [], strict=True)
    fine: dict[str, tuple[Case, ...]] = {}
    for task, matrix in found:
        pairs = zip(task.example.cases, matrix.cells, strict=True)
        fine[task.example.id] = tuple(case for case, row in pairs if row[0] == "pass")
        report.invalid_inputs += len(task.example.cases) - len(fine[task.example.id])
    kept = [
        replace(task, example=replace(task.example, cases=fine[task.example.id]))
        if task.example.id in fine
        else task
        for task in tasks
    ]
    return _filter(
        kept, "inputs break the constraints", report, lambda task: bool(task.example.cases)
    )


def _verified(
    tasks: Sequence[Task],
    graders: tuple[ProgramGrader, ProgramGrader],
    settings: Instructions,
    report: Report,
    tell: Tells,
) -> list[Task]:
    kept: list[Task] = []
    for start in range(0, len(tasks), TOGETHER):
        part = tasks[start : start + TOGETHER]
        chosen = _references(part, graders, settings, report)
        for task in part:
            reference = chosen.get(task.example.id)
            if reference is None:
                report.drop(task.example.id, "reference fails")
            else:
                kept.append(replace(task, example=replace(task.example, reference=reference)))
        tell(min(start + TOGETHER, len(tasks)), len(tasks))
    report.left["reference fails"] = len(kept)
    return kept


def _references(
    tasks: Sequence[Task],
    graders: tuple[ProgramGrader, ProgramGrader],
    settings: Instructions,
    report: Report,
) -> dict[str, str]:
    """By task, the first solution that passes everything, twice; where the verdict of a case
    is not known, that is no pass.
    """
    chosen: dict[str, str] = {}
    for turn in range(settings.solutions):
        trying = [
            task for task in tasks if task.example.id not in chosen and len(task.solutions) > turn
        ]
        report.solutions_tried += len(trying)
        jobs = [
            ProgramJob(
                task.example,
                (Solution(task.solutions[turn], task.example.language, "reference"),),
                task.example.cases,
            )
            for task in trying
        ]
        both = [grader.matrices(jobs) for grader in graders] if jobs else [[], []]
        for task, *matrices in zip(trying, *both, strict=True):
            if all(map(_passes_all, matrices)):
                chosen[task.example.id] = task.solutions[turn]
    return chosen


def _passes_all(matrix: PassMatrix) -> bool:
    return all(row[0] == "pass" for row in matrix.cells)


def _digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode(), digest_size=16).digest()

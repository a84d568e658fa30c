"""Evaluation rows → tasks before and after, side by side.

Which tasks are shown depends on their ids alone, so that nobody, and no result, picks them.
"""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from covet.evaluate.rows import Sample, TaskRow
from covet.records import Status

VERDICTS: Mapping[Status, str] = {
    "ok": "passes",
    "failed": "fails",
    "error": "error",
    "no_tests": "no test",
    "syntax": "does not parse",
    "timeout": "timeout",
    "out_of_memory": "out of memory",
    "crashed": "crashed",
    "unstable": "unstable",
    "forged": "forged",
    "infrastructure": "unknown",
}


def verdict(status: str) -> str:
    """For people; a status of another version of Covet as it is."""
    known: Mapping[str, str] = {**VERDICTS}
    return known.get(status, status)


LONGEST = 4000
"""Characters shown of one text that a policy wrote."""
LAST_LINES = 8
"""Lines shown of why a test did not pass: the end is where the reason stands."""


@dataclass(frozen=True, slots=True)
class CodeLine:
    """One line of the focal function."""

    number: int
    text: str
    state: str
    """``header``: cannot run on its own; ``covered``: the existing suite runs it; ``both``,
    ``after``, ``before``: passing samples of that evaluation newly run it; ``missed``: none."""


@dataclass(frozen=True, slots=True)
class Shown:
    """Equal samples of one task, with what they showed."""

    text: str
    cut: int
    """Characters of the text that are left out."""
    verdict: str
    good: bool
    detail: str
    gained: tuple[int, ...]
    killed: int
    mutants: int
    times: int
    killed_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MutantFate:
    """One mutant, and whether a passing sample kills it."""

    id: str
    diff: tuple[str, ...]
    before: bool
    after: bool


@dataclass(frozen=True, slots=True)
class TaskView:
    """One task to show."""

    title: str
    path: str
    lines: tuple[CodeLine, ...]
    before: tuple[Shown, ...]
    after: tuple[Shown, ...]
    mutants: tuple[MutantFate, ...]


def pick(ids: Sequence[str], count: int) -> list[str]:
    """``count`` of the ids, by their hash."""
    return sorted(ids, key=lambda one: hashlib.blake2b(one.encode("utf-8", "replace")).digest())[
        :count
    ]


def view(before: TaskRow | None, after: TaskRow | None) -> TaskView:
    """One task as either or both evaluations saw it."""
    row = after or before
    if row is None:
        raise ValueError("a task that no evaluation saw")
    return TaskView(
        title=row.qualname,
        path=f"{row.path}, lines {row.span.first_line}–{row.span.last_line}",
        lines=_lines(row, gained_before=_gained(before), gained_after=_gained(after)),
        before=_shown(before),
        after=_shown(after),
        mutants=_fates(row, killed_before=_killed(before), killed_after=_killed(after)),
    )


def _lines(
    row: TaskRow, *, gained_before: set[int], gained_after: set[int]
) -> tuple[CodeLine, ...]:
    def state(number: int) -> str:
        if number in gained_before and number in gained_after:
            return "both"
        if number in gained_after:
            return "after"
        if number in gained_before:
            return "before"
        if number in row.baseline:
            return "covered"
        return "missed" if number in row.executable else "header"

    texts = row.source.removesuffix("\n").split("\n")
    numbers = range(row.span.first_line, row.span.first_line + len(texts))
    return tuple(
        CodeLine(number, text, state(number)) for number, text in zip(numbers, texts, strict=True)
    )


def _shown(row: TaskRow | None) -> tuple[Shown, ...]:
    """Each distinct sample once, those that earn most first."""
    if row is None:
        return ()
    times = Counter(row.samples)
    order = sorted(times, key=lambda sample: -sample.reward)
    return tuple(_one(sample, row, times[sample]) for sample in order)


def _one(sample: Sample, row: TaskRow, times: int) -> Shown:
    return Shown(
        text=sample.written[:LONGEST],
        cut=max(0, len(sample.written) - LONGEST),
        verdict=VERDICTS[sample.status],
        good=sample.status == "ok",
        detail="\n".join(sample.detail.splitlines()[-LAST_LINES:])[-LONGEST:],
        gained=sample.gained,
        killed=len(set(sample.killed)),
        mutants=len(row.mutants.keys() - set(sample.unknown)),
        times=times,
        killed_ids=tuple(sorted(set(sample.killed), key=_place)),
    )


def _fates(
    row: TaskRow, *, killed_before: set[str], killed_after: set[str]
) -> tuple[MutantFate, ...]:
    ids = sorted(row.mutants, key=_place)
    return tuple(
        MutantFate(
            one, tuple(row.mutants[one].splitlines()), one in killed_before, one in killed_after
        )
        for one in ids
    )


def _place(mutant: str) -> tuple[int, str]:
    """By line, which the id starts with."""
    line = mutant.partition(":")[0]
    return (int(line) if line.isdecimal() else 0), mutant


def _gained(row: TaskRow | None) -> set[int]:
    return {line for sample in row.samples for line in sample.gained} if row else set()


def _killed(row: TaskRow | None) -> set[str]:
    return {mutant for sample in row.samples for mutant in sample.killed} if row else set()

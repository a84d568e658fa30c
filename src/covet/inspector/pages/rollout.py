"""The Rollout page: one completion, with everything that followed from it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from covet.errors import DataError
from covet.inspector.address import Address, Page
from covet.inspector.charts import stacked_bars
from covet.inspector.pages.matrix import SIGNS, as_matrix, diffs_of, killed_before, view
from covet.inspector.pages.samples import (
    bar_parts,
    drawn_terms,
    read_group,
    rest,
    rollout_address,
    split_answer,
    start,
    weights,
)
from covet.inspector.rows import RolloutRow, everything, suspicion
from covet.inspector.source import Run, Source
from covet.inspector.tasks import CodeLine, verdict
from covet.records import FunctionExample
from covet.runlog import decode

LONG = 40_000
"""Characters shown of one text."""


@dataclass(frozen=True, slots=True)
class Lines:
    """What a candidate runs of the focal function."""

    covered: frozenset[int]
    gained: frozenset[int]


def rollout(source: Source, address: Address) -> Page:
    run = source.run(address.text("run"))
    step, example = address.whole("step", 0) or 0, address.text("example")
    sample = address.whole("sample", 0) or 0
    found = source.index.ask(
        "SELECT file, start, size FROM rollouts"
        " WHERE owner = ? AND step = ? AND example = ? AND sample = ?",
        (run.name, step, example, sample),
    )
    if not found:
        raise DataError(f"run {run.name} has no sample {sample} of {example!r} at step {step}")
    line = source.index.line(found[0])
    row, execution = decode(line, RolloutRow), _mapping(everything(line).get("execution"))
    siblings = read_group(source, run, step, example)
    task = source.example(run, example)
    by, labels = weights(run, [row]), drawn_terms(run, [row])
    trace, test = split_answer(row.completion)
    ran = _lines(execution)
    matrix = as_matrix(execution.get("mutants"))
    parts = bar_parts(row, by)
    return Page(
        "rollout.html",
        f"{example}, step {step}, sample {sample}",
        {
            "address": address,
            "row": row,
            "verdict_told": verdict(row.status),
            "why_listed": suspicion(row)[1],
            "trace": start(trace, LONG),
            "test": start(test, LONG),
            "detail": start(row.detail, LONG),
            "prompt": next((start(one.prompt, LONG) for one in siblings if one.prompt), None),
            "parts": parts,
            "labels": labels,
            "bar": stacked_bars([[one for one in parts if one[0] in labels]], labels=labels)[0],
            "weighted": by is not None,
            "task": task,
            "code_lines": code_lines(task, ran) if isinstance(task, FunctionExample) else (),
            "ran": ran,
            "view": view(
                [(f"sample {sample}", address, matrix)],
                diffs=diffs_of(task),
                before=killed_before([execution]),
            )
            if matrix
            else None,
            "signs": SIGNS,
            "timing": _timing(execution),
            "outcomes": _mapping(execution.get("outcomes")),
            "rest": rest(line),
            "group_address": Address.of("group", run=run.name, step=step, example=example),
            "task_address": source.task_address(run, example),
            "around": _around(run, siblings, row),
        },
        run=run.name,
    )


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _lines(execution: Mapping[str, Any]) -> Lines:
    def of(name: str) -> frozenset[int]:
        found = _mapping(execution.get(name)).get("lines")
        listed = found if isinstance(found, list) else []
        return frozenset(line for line in listed if isinstance(line, int))

    return Lines(of("covered"), of("gained"))


def code_lines(task: FunctionExample, ran: Lines) -> tuple[CodeLine, ...]:
    """The focal function with what the candidate, and what the existing suite, runs of it."""
    baseline = task.baseline.lines

    def state(number: int) -> str:
        if number in ran.gained:
            return "after"
        if number in ran.covered:
            return "run"
        if number in baseline:
            return "covered"
        return "missed" if number in task.executable.lines else "header"

    texts = task.function.source.removesuffix("\n").split("\n")
    first = task.function.span.first_line
    return tuple(CodeLine(no, text, state(no)) for no, text in enumerate(texts, first))


def _timing(execution: Mapping[str, Any]) -> list[tuple[str, str]]:
    known = {"wall_s": ("wall", "s"), "cpu_s": ("processor", "s"), "steps": ("lines run", "")}
    return [
        (label, f"{execution[key]:.3g} {unit}".strip() if unit else f"{execution[key]:,}")
        for key, (label, unit) in known.items()
        if isinstance(execution.get(key), (int, float))
    ]


def _around(run: Run, siblings: list[RolloutRow], row: RolloutRow) -> dict[str, Address | None]:
    """The siblings before and after it."""
    order = [one.sample for one in siblings]
    place = order.index(row.sample)

    def one(at: int) -> Address | None:
        if not 0 <= at < len(order):
            return None
        return rollout_address(run.name, row.step, row.example_id, order[at])

    return {"before": one(place - 1), "after": one(place + 1)}

"""A policy is tried on held-out tasks; what came of it becomes tables and JSON.

``evaluate`` samples and grades chunk after chunk of tasks and appends a row for each to the run
directory; what is there already is not run again. ``read`` makes the scorecard of those rows, so
that an evaluation that was interrupted can be looked at as it stands. Tasks of the splits
``heldout`` and ``reserved`` are never mixed.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.table import Table

from covet import config
from covet.errors import DataError
from covet.evaluate.metrics import (
    COUNTS,
    MEASURES,
    Bootstrap,
    changes,
    funnel,
    measure,
)
from covet.evaluate.rows import TaskRow, as_row, path_of, read_rows
from covet.records import Estimate, FunctionExample, Split
from covet.rollout import Rolled, Roller
from covet.runlog import append_jsonl

SPLITS: tuple[Split, ...] = ("heldout", "reserved")
CHUNK = 24
"""Tasks between two writings of rows."""


@dataclass(frozen=True, slots=True)
class Scorecard:
    """One evaluation: its tasks' rows, and where each measure stands."""

    evaluation: str
    rows: Mapping[Split, Mapping[str, TaskRow]]
    """By split, by example."""
    measures: Mapping[Split, Mapping[str, Estimate]]
    funnel: Mapping[Split, Mapping[str, int]]
    bootstrap: Bootstrap

    @property
    def policy(self) -> dict[str, Any]:
        """Name and version of the policy that was tried; empty before the first row."""
        first = next((row for rows in self.rows.values() for row in rows.values()), None)
        return {"name": first.policy, "version": first.version} if first else {}

    def left_out(self, split: Split) -> dict[str, int]:
        """What the measures do not see: tasks whose prompt is too long, samples whose grading
        failed through our own fault, and tasks with fewer than three samples that are known.
        """
        rows = self.rows[split].values()
        return {
            "too_long": sum(row.too_long for row in rows),
            "unknown_samples": sum(len(row.samples) - len(row.known_samples) for row in rows),
            "too_few_samples": sum(not row.too_long and len(row.known_samples) < 3 for row in rows),
        }


def chosen(examples: Sequence[FunctionExample], settings: config.Evaluate) -> list[FunctionExample]:
    """The held-out and reserved examples that are evaluated, in the dataset's order.

    Where there are more than ``evaluate.tasks`` of a split, a choice that depends on the seed and
    their ids alone.
    """
    kept: set[str] = set()
    for split in SPLITS:
        ids = [example.id for example in examples if example.split == split]
        ids.sort(key=lambda example_id: _shuffled(example_id, settings.seed))
        kept |= set(ids[: settings.tasks or len(ids)])
    return [example for example in examples if example.id in kept]


def _shuffled(example_id: str, seed: int) -> bytes:
    return hashlib.blake2b(f"{seed}\0{example_id}".encode("utf-8", "backslashreplace")).digest()


def evaluate(
    name: str,
    examples: Sequence[FunctionExample],
    *,
    roller: Roller,
    settings: config.Config,
    run: Path,
    on_done: Callable[[int, int], None] | None = None,
) -> Scorecard:
    """Try the roller's policy, as it is now, on the chosen ones of ``examples``.

    ``name``, the example and the policy's version are what a row is found again by. Every
    evaluation of a task, whatever its name, is dealt the same luck, as far as the policy keeps to
    its keys. ``on_done`` hears how many tasks of how many are done.
    """
    tasks = chosen(examples, settings.evaluate)
    if not tasks:
        raise DataError("no held-out example to evaluate on; mine with a larger mine.heldout")
    path_of(run, name).parent.mkdir(parents=True, exist_ok=True)
    there = _already(run, name, roller.policy.version)
    if on_done is not None:
        on_done(0, len(tasks))
    for start in range(0, len(tasks), CHUNK):
        chunk = tasks[start : start + CHUNK]
        if any(task.id not in there for task in chunk):  # whole chunks: a batch of the same make-up
            for row in _try(name, chunk, roller=roller, settings=settings):
                append_jsonl(path_of(run, name), row)
        if on_done is not None:
            on_done(min(start + CHUNK, len(tasks)), len(tasks))
    return read(run, name, settings=settings.evaluate)


def _already(run: Path, name: str, version: int) -> set[str]:
    rows = read_rows(run, name).values()
    return {row.example_id for row in rows if row.version == version}


def _try(
    name: str,
    chunk: Sequence[FunctionExample],
    *,
    roller: Roller,
    settings: config.Config,
) -> list[TaskRow]:
    rolled = roller.roll(
        chunk,
        samples=settings.evaluate.samples,
        key=("evaluate", settings.evaluate.seed),
    )
    groups = {group.example_id: group for group in rolled.groups}
    return [
        as_row(
            name,
            example,
            groups.get(example.id),
            policy=(roller.policy.name, roller.policy.version),
            mutants=roller.language.mutants(
                example.source_file, example.function.span, limit=settings.execute.mutants
            )
            if settings.execute.mutants
            else (),
            seconds=_share(rolled, len(chunk)),
        )
        for example in chunk
    ]


def _share(rolled: Rolled, tasks: int) -> tuple[float, float, float]:
    timing = rolled.timing
    return timing.sample_s / tasks, timing.grade_s / tasks, timing.grade_cpu_s / tasks


def read(run: Path, name: str, *, settings: config.Evaluate) -> Scorecard:
    """The scorecard of the rows that are there, none of them included."""
    bootstrap = Bootstrap(settings.bootstrap, settings.seed)
    found = read_rows(run, name)
    rows: dict[Split, dict[str, TaskRow]] = {
        split: {key: row for key, row in found.items() if row.split == split} for split in SPLITS
    }
    return Scorecard(
        evaluation=name,
        rows=rows,
        measures={split: measure(rows[split].values(), bootstrap) for split in SPLITS},
        funnel={split: funnel(rows[split].values()) for split in SPLITS},
        bootstrap=bootstrap,
    )


def change(before: Scorecard, after: Scorecard, split: Split) -> dict[str, Estimate]:
    """The paired change of every measure on one split."""
    return changes(before.rows[split], after.rows[split], after.bootstrap)


# ------------------------------------------------------------------------------ for people


def as_table(before: Scorecard, after: Scorecard | None, *, split: Split = "heldout") -> Table:
    """One row a measure: before, after and the paired change, each with its range."""
    tasks = len(before.rows[split])
    caption = "percent and percentage points; lines for covered_lines_increase"
    table = Table(
        title=f"{_TITLES[split]}: {tasks} tasks",
        title_justify="left",
        caption=caption,
        caption_justify="left",
    )
    table.add_column("measure")
    table.add_column("before", justify="right")
    differences = change(before, after, split) if after else {}
    if after:
        table.add_column("after", justify="right")
        table.add_column("change [95 % range]", justify="right")
    table.add_column("n", justify="right")
    for name in MEASURES:
        first = before.measures[split][name]
        cells = [name, _plain(first, name)]
        if after:
            cells += [_plain(after.measures[split][name], name), _ranged(differences[name], name)]
        table.add_row(*cells, str(differences[name].n if after else first.n))
    return table


_TITLES: Mapping[Split, str] = {
    "heldout": "Held-out files",
    "reserved": "Reserved files",
    "train": "Training files",
}


def _plain(estimate: Estimate, name: str) -> str:
    if not estimate.n:
        return "–"
    return f"{estimate.value:.2f}" if name in COUNTS else f"{100 * estimate.value:.1f}"


def _ranged(estimate: Estimate, name: str) -> str:
    if not estimate.n:
        return "–"
    digits, scale = (2, 1) if name in COUNTS else (1, 100)
    numbers = [
        round(scale * value, digits) + 0.0  # no minus zero
        for value in (estimate.value, estimate.low, estimate.high)
    ]
    return "{:+.{d}f} [{:+.{d}f}, {:+.{d}f}]".format(*numbers, d=digits)


# ---------------------------------------------------------------------------- for machines


def as_json(
    before: Scorecard, after: Scorecard | None = None, *, report: Path | None = None
) -> dict[str, Any]:
    """The scorecard as one JSON object: held-out tasks at the top, reserved ones beneath
    ``reserved`` in the same shape.
    """
    return {
        **_side(before, after, "heldout"),
        "reserved": _side(before, after, "reserved"),
        "policy": {"before": before.policy, "after": after.policy if after else {}},
        "report": str(report) if report else None,
    }


def _side(before: Scorecard, after: Scorecard | None, split: Split) -> dict[str, Any]:
    cards = {"before": before} | ({"after": after} if after else {})
    side: dict[str, Any] = {key: dict(card.measures[split]) for key, card in cards.items()}
    if after:
        side["change"] = change(before, after, split)
    side["tasks"] = len(before.rows[split])
    side["funnel"] = {key: dict(card.funnel[split]) for key, card in cards.items()}
    side["left_out"] = {key: card.left_out(split) for key, card in cards.items()}
    return side

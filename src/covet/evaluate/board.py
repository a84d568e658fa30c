"""Several policies on the same tasks, side by side: rows → one result as JSON, CSV and Markdown.

A ``Board`` holds, for each policy, the scorecard of its samples as they were written and, where the
form of some could be mended, of those. Changes are paired over tasks, to one policy that all are
compared with. Held-out and reserved tasks are never mixed.
"""

import csv
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from covet import config
from covet.evaluate.metrics import ALL, Bootstrap, changes, funnel, measure
from covet.evaluate.rows import Sample, TaskRow, read_rows
from covet.evaluate.scorecard import SPLITS
from covet.evaluate.seen import NOT_ASKED, Seen
from covet.records import Estimate, Split

Rows = Mapping[str, TaskRow]
"""By example."""
OF_FILES = (
    "pass_rate",
    "coverage_increase_rate",
    "coverage_increase_rate@3",
    "covered_lines_increase@3",
    "mutation_score@3",
)


@dataclass(frozen=True, slots=True)
class Spend:
    """What all samples of a policy took together."""

    samples: int
    sample_s: float
    grade_s: float
    grade_cpu_s: float
    prompt_tokens: float | None
    """A prompt counts once for each sample; None: not known of all tasks."""
    completion_tokens: float | None
    cost: float


@dataclass(frozen=True, slots=True)
class Part:
    """One policy on the tasks of one split."""

    rows: Rows
    measures: Mapping[str, Estimate]
    change: Mapping[str, Estimate]
    """To the policy that all are compared with; empty for itself."""
    funnel: Mapping[str, int]
    files: Mapping[str, Mapping[str, Any]]
    """By path: tasks, samples, and some measures' means."""
    left_out: Mapping[str, int]
    refused: Mapping[str, int]
    """By guard, how many samples."""
    spent: Spend


@dataclass(frozen=True, slots=True)
class Line:
    """One policy."""

    name: str
    what: str
    missing: int
    """Tasks that it has not been tried on."""
    why: str
    """Why that is, or why it is absent altogether."""
    written: Mapping[Split, Part]
    mended: Mapping[Split, Part]
    """Without the splits in which no sample fares otherwise for it."""
    repairs: Mapping[str, int]
    """How many samples each rule mended."""
    seen: Seen

    @property
    def status(self) -> str:
        if not any(part.rows for part in self.written.values()):
            return "absent"
        return "incomplete" if self.missing or self.why else "complete"


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of a policy beside its rows."""

    what: str
    why: str = ""
    seen: Seen = NOT_ASKED


@dataclass(frozen=True, slots=True)
class Board:
    """The whole result."""

    lines: tuple[Line, ...]
    against: str
    """The name of the policy that all are compared with."""
    tasks: Mapping[Split, int]
    notes: tuple[str, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether every policy was tried on every task, and nothing leaked."""
        return all(line.status == "complete" and not line.seen.leaks for line in self.lines)


def make_board(
    run: Path,
    told: Mapping[str, Told],
    *,
    against: str,
    tasks: Mapping[Split, int],
    settings: config.Evaluate,
    notes: Sequence[str] = (),
) -> Board:
    """Of the rows that are in a run's directory. ``told``: by name, in order."""
    bootstrap = Bootstrap(settings.bootstrap, settings.seed)
    rows = {name: dict(read_rows(run, name)) for name in told}
    base = rows.get(against, {})
    lines = tuple(
        _line(name, one, rows[name], {} if name == against else base, base, tasks, bootstrap)
        for name, one in told.items()
    )
    return Board(lines, against, tasks, tuple(notes))


def _line(
    name: str,
    told: Told,
    rows: Rows,
    base: Rows,
    base_of_mended: Rows,
    tasks: Mapping[Split, int],
    bootstrap: Bootstrap,
) -> Line:
    """``base_of_mended``: also what is compared with is compared, mended with as it was written."""

    def parts(found: Rows, base: Rows) -> dict[Split, Part]:
        return {
            split: _part(
                {key: row for key, row in found.items() if row.split == split}, base, bootstrap
            )
            for split in SPLITS
            if tasks.get(split)
        }

    repairs = Counter(
        rule for row in rows.values() for _, one in row.repaired for rule in one.repairs
    )
    mended = {key: row.with_repairs for key, row in rows.items()}
    return Line(
        name=name,
        what=told.what,
        missing=sum(tasks.values()) - len(rows),
        why=told.why,
        written=parts(rows, base),
        mended={
            split: part
            for split, part in parts(mended, base_of_mended).items()
            if any(_differs(rows[key], row) for key, row in part.rows.items())
        },
        repairs=dict(repairs),
        seen=told.seen,
    )


def _differs(written: TaskRow, mended: TaskRow) -> bool:
    """Whether a sample fares otherwise when it is mended."""

    def fate(sample: Sample) -> tuple[object, ...]:
        return sample.status, sample.gained, sample.killed, bool(sample.refused)

    return list(map(fate, written.samples)) != list(map(fate, mended.samples))


def _part(rows: Rows, base: Rows, bootstrap: Bootstrap) -> Part:
    return Part(
        rows=rows,
        measures=measure(rows.values(), bootstrap, of=ALL),
        change=changes(base, rows, bootstrap, of=ALL) if base else {},
        funnel=funnel(rows.values()),
        files=_files(rows),
        left_out=_left_out(list(rows.values())),
        refused=Counter(
            reason.partition(":")[0]
            for row in rows.values()
            for sample in row.known_samples
            for reason in sample.refused or ()
        ),
        spent=_spend(list(rows.values())),
    )


def _left_out(tasks: Sequence[TaskRow]) -> dict[str, int]:
    """What the measures, or those at 3, do not see."""
    return {
        "too_long": sum(row.too_long for row in tasks),
        "no_samples": sum(not row.too_long and not row.samples for row in tasks),
        "unknown_samples": sum(len(row.samples) - len(row.known_samples) for row in tasks),
        "fewer_than_3": sum(0 < len(row.known_samples) < 3 for row in tasks),
    }


def _files(rows: Rows) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for path in sorted({row.path for row in rows.values()}):
        own = [row for row in rows.values() if row.path == path]
        told: dict[str, Any] = {
            "tasks": len(own),
            "samples": sum(len(row.samples) for row in own),
        }
        for name in OF_FILES:
            values = [value for row in own if (value := ALL[name](row)) is not None]
            told[name] = sum(values) / len(values) if values else None
        found[path] = told
    return found


def _spend(rows: Sequence[TaskRow]) -> Spend:
    told = [row.tokens for row in rows if row.samples]
    known = [tokens for tokens in told if tokens is not None]
    is_known = bool(told) and len(known) == len(told)
    return Spend(
        samples=sum(len(row.samples) for row in rows),
        sample_s=sum(row.sample_s for row in rows),
        grade_s=sum(row.grade_s for row in rows),
        grade_cpu_s=sum(row.grade_cpu_s for row in rows),
        prompt_tokens=sum(tokens[0] for tokens in known) if is_known else None,
        completion_tokens=sum(tokens[1] for tokens in known) if is_known else None,
        cost=sum(row.cost for row in rows),
    )


# ---------------------------------------------------------------------------- for machines

FORMAT = 1


def as_json(board: Board) -> dict[str, Any]:
    """``scorecard.json``: see ``docs/scorecard.md``."""
    return {
        "format": FORMAT,
        "compared_with": board.against,
        "task_counts": dict(board.tasks),
        "notes": list(board.notes),
        "rows": {line.name: _line_json(line) for line in board.lines},
    }


def _line_json(line: Line) -> dict[str, Any]:
    return {
        "what": line.what,
        "status": line.status,
        "missing": line.missing,
        "why": line.why,
        "trained_on": asdict(line.seen),
        "repairs": dict(line.repairs),
        "written": {split: _part_json(part) for split, part in line.written.items()},
        "mended": {split: _part_json(part) for split, part in line.mended.items()},
    }


def _part_json(part: Part) -> dict[str, Any]:
    return {
        "tasks": len(part.rows),
        "measures": dict(part.measures),
        "change": dict(part.change),
        "funnel": dict(part.funnel),
        "left_out": dict(part.left_out),
        "refused": dict(part.refused),
        "spent": asdict(part.spent),
        "files": dict(part.files),
    }


def as_csv(board: Board) -> str:
    """A line for each policy, form, split and measure."""
    text = io.StringIO()
    names = ("value", "low", "high", "n")
    writer = csv.writer(text, lineterminator="\n")
    head = ["policy", "form", "split", "measure", *names, *(f"change_{name}" for name in names)]
    writer.writerow(head)
    for line in board.lines:
        for form, parts in (("written", line.written), ("mended", line.mended)):
            for split, part in parts.items():
                for name, found in part.measures.items():
                    change = part.change.get(name)
                    writer.writerow(
                        [line.name, form, split, name, *_numbers(found), *_numbers(change)]
                    )
    return text.getvalue()


def _numbers(found: Estimate | None) -> list[object]:
    if found is None:
        return ["", "", "", ""]
    return [found.value, found.low, found.high, found.n] if found.n else ["", "", "", 0]

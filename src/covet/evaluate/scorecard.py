"""A policy is tried on held-out tasks; what came of it becomes tables and JSON.

``evaluate`` samples and grades chunk after chunk of tasks and appends a row for each to the run
directory; what is there already is not run again. ``read`` makes the scorecard of those rows, so
that an evaluation that was interrupted can be looked at as it stands. Tasks of the splits
``heldout`` and ``reserved`` are never mixed.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
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
from covet.evaluate.repair import repair
from covet.evaluate.rows import (
    Sample,
    Spent,
    TaskRow,
    as_row,
    as_samples,
    path_of,
    read_rows,
)
from covet.policy.client import Usage
from covet.records import Candidate, Estimate, FunctionExample, Group, Rollout, Split
from covet.rollout import Rolled, Roller
from covet.rollout.loop import Timing
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


@dataclass(frozen=True, slots=True)
class Terms:
    """How a policy is tried, where that is not what the settings say for all."""

    held: Mapping[str, int] | None = None
    """By task, how many samples there are; None: as many as are asked for."""
    written_s: Mapping[str, float] | None = None
    """By task, the seconds in which its samples were written, where that was not now."""
    mends: bool = False
    """Whether samples whose form is wrong are also graded with it mended."""
    together: int = CHUNK
    """Tasks between two writings of rows."""
    whole: bool = True
    """A chunk of which a task is missing is tried as a whole, so that batches have the same
    make-up; else what is missing alone."""
    may_ask: Callable[[Sequence[tuple[FunctionExample, int]]], bool] = lambda _: True
    """Hears of tasks, each with the number of samples, before they are asked about; nothing more
    is asked once it says no."""
    on_row: Callable[[TaskRow], None] = lambda _: None
    knows_branches: bool = True
    """Whether the baselines tell of branches."""
    knows_tests: bool = True
    """Whether the tasks tell of existing tests."""
    grades_existing: bool = False
    """Whether what the existing tests reject is found out also where no sample passes; else it is
    not known there.
    """


def evaluate(
    name: str,
    examples: Sequence[FunctionExample],
    *,
    roller: Roller,
    settings: config.Config,
    run: Path,
    on_done: Callable[[int, int], None] | None = None,
    terms: Terms | None = None,
) -> Scorecard:
    """Try the roller's policy, as it is now, on the chosen ones of ``examples``.

    ``name``, the example and the policy's version are what a row is found again by. Every
    evaluation of a task, whatever its name, is dealt the same luck, as far as the policy keeps to
    its keys. ``on_done`` hears how many tasks of how many are done.
    """
    tasks = chosen(examples, settings.evaluate)
    if not tasks:
        raise DataError("no held-out example to evaluate on; mine with a larger mine.heldout")
    trial = _Trial(name, roller, settings, terms or Terms())
    path_of(run, name).parent.mkdir(parents=True, exist_ok=True)
    there = _already(run, name, roller.policy.version)
    if on_done is not None:
        on_done(0, len(tasks))
    done = 0
    for chunk in _chunks(tasks, there, trial.terms):
        missing = [task for task in chunk if task.id not in there]
        asked = chunk if trial.terms.whole and missing else missing
        if asked:
            if not trial.terms.may_ask([(task, trial.samples(task)) for task in asked]):
                break
            for row in trial.rows(asked):
                append_jsonl(path_of(run, name), row)
                trial.terms.on_row(row)
        done += len(chunk)
        if on_done is not None:
            on_done(done, len(tasks))
    return read(run, name, settings=settings.evaluate)


def _chunks(
    tasks: Sequence[FunctionExample], there: set[str], terms: Terms
) -> Iterator[Sequence[FunctionExample]]:
    """Those that are there come first where what is missing is tried alone."""
    if not terms.whole:
        known = [task for task in tasks if task.id in there]
        if known:
            yield known
        tasks = [task for task in tasks if task.id not in there]
    for start in range(0, len(tasks), terms.together):
        yield tasks[start : start + terms.together]


def _already(run: Path, name: str, version: int) -> set[str]:
    rows = read_rows(run, name).values()
    return {row.example_id for row in rows if row.version == version}


@dataclass(frozen=True, slots=True)
class _Trial:
    """One policy under evaluation."""

    name: str
    roller: Roller
    settings: config.Config
    terms: Terms

    def samples(self, task: FunctionExample) -> int:
        held = self.terms.held
        return self.settings.evaluate.samples if held is None else held.get(task.id, 0)

    def rows(self, chunk: Sequence[FunctionExample]) -> list[TaskRow]:
        before = _usage(self.roller)
        rolled = self._rolled(chunk)
        used = _used(before, _usage(self.roller))
        groups = {group.example_id: group for group in rolled.groups}
        rows = [
            self._row(task, groups.get(task.id), rolled, used=used, share=1 / len(chunk))
            for task in chunk
        ]
        return self._with_existing(rows, chunk) if self.terms.grades_existing else rows

    def _with_existing(
        self, rows: Sequence[TaskRow], chunk: Sequence[FunctionExample]
    ) -> list[TaskRow]:
        """What the existing tests reject, for rows that do not tell: as a candidate they are."""
        lacking = [
            (task, Candidate(task.test_path, task.test_file, task.test_file))
            for row, task in zip(rows, chunk, strict=True)
            if row.killed_before is None and row.mutants
        ]
        holds = {
            task.id: bool(self.roller.language.tests(task.test_file, path=task.test_path))
            for task, _ in lacking
        }
        jobs = [job for job in lacking if holds[job[0].id]]
        graded = self.roller.grader.grade(jobs, on_done=self.roller.on_graded) if jobs else []
        found: dict[str, tuple[str, ...] | None] = {
            task.id: () for task, _ in lacking if not holds[task.id]
        }
        for (task, _), execution in zip(jobs, graded, strict=True):
            found[task.id] = execution.killed if execution.mutants is not None else None
        return [
            replace(row, killed_before=found.get(row.example_id, row.killed_before)) for row in rows
        ]

    def _rolled(self, chunk: Sequence[FunctionExample]) -> Rolled:
        """Tasks with the same number of samples at a time; those with none have empty groups."""
        groups: list[Group] = []
        too_long: tuple[str, ...] = ()
        timing = Timing()
        for samples in sorted({self.samples(task) for task in chunk}):
            rolled = self.roller.roll(
                [task for task in chunk if self.samples(task) == samples],
                samples=samples,
                key=("evaluate", self.settings.evaluate.seed),
            )
            groups += rolled.groups
            too_long += rolled.too_long
            timing = _sum(timing, rolled.timing)
        return Rolled(groups, too_long, timing)

    def _row(
        self,
        task: FunctionExample,
        group: Group | None,
        rolled: Rolled,
        *,
        used: tuple[float, float] | None,
        share: float,
    ) -> TaskRow:
        language, timing = self.roller.language, rolled.timing
        tokens = (
            (share * used[0], share * used[1])
            if used is not None
            else _tokens(group, self.roller, is_asked=_usage(self.roller) is not None)
        )
        policy = self.settings.policy
        cost = (tokens[0] * policy.price_in + tokens[1] * policy.price_out) / 1e6 if tokens else 0.0
        limit = self.settings.execute.mutants
        row = as_row(
            self.name,
            task,
            group,
            policy=(self.roller.policy.name, self.roller.policy.version),
            mutants=language.mutants(task.source_file, task.function.span, limit=limit)
            if limit
            else (),
            samples=self._samples(group.rollouts if group else (), task),
            spent=Spent(
                share * timing.sample_s
                if self.terms.written_s is None
                else self.terms.written_s.get(task.id, 0.0),
                share * timing.grade_s,
                share * timing.grade_cpu_s,
                tokens,
                cost,
            ),
        )
        if not self.terms.knows_tests:
            row = replace(row, killed_before=None)
        if group is None or not self.terms.mends:
            return row
        return replace(row, repaired=self._repaired(group, task))

    def _samples(self, rollouts: Sequence[Rollout], task: FunctionExample) -> tuple[Sample, ...]:
        return as_samples(
            rollouts,
            task,
            language=self.roller.language,
            knows_branches=self.terms.knows_branches,
        )

    def _repaired(self, group: Group, task: FunctionExample) -> tuple[tuple[int, Sample], ...]:
        """The samples whose form could be mended, graded among their siblings."""
        mended = {
            place: found
            for place, one in enumerate(group.rollouts)
            if (
                found := repair(
                    one.completion,
                    one.candidate,
                    task,
                    answer=group.prompt.answer,
                    language=self.roller.language,
                )
            ).rules
        }
        if not mended:
            return ()
        jobs = [
            (task, replace(read, candidate=mended[place].candidate) if place in mended else read)
            for place, read in enumerate(
                self.roller.read(one.completion, task, group.prompt) for one in group.rollouts
            )
        ]
        rollouts = [
            Rollout(one.completion, graded.candidate, graded.execution, graded.reward)
            for one, graded in zip(group.rollouts, self.roller.grade(jobs), strict=True)
        ]
        samples = self._samples(rollouts, task)
        return tuple(
            (place, replace(samples[place], repairs=found.rules)) for place, found in mended.items()
        )


def _sum(one: Timing, other: Timing) -> Timing:
    return Timing(
        one.sample_s + other.sample_s,
        one.sample_cpu_s + other.sample_cpu_s,
        one.grade_s + other.grade_s,
        one.grade_cpu_s + other.grade_cpu_s,
    )


def _usage(roller: Roller) -> Usage | None:
    """What the policy's server has counted so far; None where there is none."""
    usage = getattr(roller.policy, "usage", None)
    return usage if isinstance(usage, Usage) else None


def _used(before: Usage | None, after: Usage | None) -> tuple[float, float] | None:
    """None where a server did not tell of every completion."""
    if before is None or after is None or after.unmetered > before.unmetered:
        return None
    return (
        float(after.prompt_tokens - before.prompt_tokens),
        float(after.completion_tokens - before.completion_tokens),
    )


def _tokens(group: Group | None, roller: Roller, *, is_asked: bool) -> tuple[float, float] | None:
    """As a policy that tells its tokens has them; of a server that does not, estimated."""
    if group is None:
        return (0.0, 0.0)
    answers = [one.completion for one in group.rollouts]
    if is_asked:
        count = roller.policy.count_tokens
        read = len(answers) * count(group.prompt.text)
        return float(read), float(sum(count(answer.text) for answer in answers))
    written = [sum(len(segment.token_ids) for segment in answer.segments) for answer in answers]
    if not group.prompt_token_ids or not all(written):
        return None
    return float(len(group.prompt_token_ids) * len(written)), float(sum(written))


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

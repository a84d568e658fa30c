"""A run directory, and nothing else → one self-contained HTML file.

``write_report`` may be called while the run goes on: it shows what is there. The page holds its
own style and drawings, and asks nothing of any network.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from covet import config
from covet.errors import ConfigError, DataError
from covet.evaluate.metrics import COUNTS, FUNNEL, MEASURES
from covet.evaluate.rows import AFTER, BEFORE, TaskRow
from covet.evaluate.scorecard import Scorecard, change, read
from covet.inspector.charts import DotChart, dot_chart
from covet.inspector.curves import Row, curves, read_steps, seconds
from covet.inspector.page import render
from covet.inspector.tasks import TaskView, pick, view
from covet.records import Estimate, Split
from covet.runlog import decode, write_whole

SHOWN: Mapping[Split, int] = {"heldout": 8, "reserved": 4}
"""How many tasks of each split are shown with their tests."""

ABOUT = {
    "pass_rate": ("Pass rate", "written tests that pass, each time they are run"),
    "coverage_increase_rate": (
        "Coverage increase rate",
        "written tests that pass and run a line that no existing test runs",
    ),
    "coverage_increase_rate@3": (
        "Coverage increase rate @3",
        "functions for which at least one of three written tests does so",
    ),
    "covered_lines_increase@3": (
        "New lines covered @3",
        "most lines newly run by one of three written tests",
    ),
    "mutation_score@3": (
        "Mutation score @3",
        "the function's mutants that three written tests kill together",
    ),
    "diversity": ("Diversity", "written tests that are distinct, names and comments aside"),
}
STEPS = {
    "sampled": "all",
    "parsed": "that parse as a test",
    "runs": "… and run as far as an assertion",
    "passes": "… and pass",
    "stable": "… and pass again",
    "gains": "… and run a new line",
    "kills": "… and kill a mutant",
}


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """One line of the headline table."""

    name: str
    about: str
    before: str
    after: str
    change: str
    range: str
    verdict: str
    """``better``, ``worse``, ``unclear`` or empty."""
    n: int
    chart: DotChart


@dataclass(frozen=True, slots=True)
class FunnelRow:
    """How many samples got to a step, and their share of all."""

    name: str
    before: tuple[int, float] | None
    after: tuple[int, float] | None


@dataclass(frozen=True, slots=True)
class TimeRow:
    """What wall time was spent on."""

    name: str
    told: str
    share: float


@dataclass(frozen=True, slots=True)
class Part:
    """All that is shown of one split."""

    split: Split
    title: str
    about: str
    tasks: int
    measures: tuple[MeasureRow, ...]
    funnel: tuple[FunnelRow, ...]
    left_out: tuple[str, ...]
    shown: tuple[TaskView, ...]


def write_report(run: Path) -> Path:
    """Write ``report.html`` into the run directory; ``DataError`` where it is none."""
    path = run / "report.html"
    write_whole(path, render_report(run).encode("utf-8", "backslashreplace"))
    return path


def render_report(run: Path) -> str:
    """The page of a run directory as it stands."""
    manifest = _manifest(run)
    settings, tables = _settings(run)
    before = read(run, BEFORE, settings=settings.evaluate)
    after = read(run, AFTER, settings=settings.evaluate)
    steps = read_steps(run)
    parts = [part for split in SHOWN if (part := _part(split, before, after)).tasks]
    return render(
        "report.html",
        {
            "name": run.resolve().name,
            "manifest": manifest,
            "model": settings.policy.model,
            "nano": settings.policy.model == "nano",
            "policies": {BEFORE: before.policy, AFTER: after.policy},
            "samples": settings.evaluate.samples,
            "parts": parts,
            "steps": len(steps),
            "planned": settings.train.steps,
            "curves": curves(steps),
            "times": _times(steps, before, after),
            "settings": tables,
        },
    )


def _manifest(run: Path) -> dict[str, Any]:
    try:
        data = (run / "manifest.json").read_bytes()
    except OSError as error:
        raise DataError(f"{run}: no run directory: {error.strerror} (manifest.json)") from error
    return decode(data, dict[str, Any])


def _settings(run: Path) -> tuple[config.Config, dict[str, dict[str, Any]]]:
    """The settings, and the tables of the file; a file of another version of Covet is shown as it
    is, and the defaults stand in for what cannot be read.
    """
    path = run / "covet.toml"
    try:
        tables = config.read_toml(path)
        return config.parse(tables, origin=str(path)), tables
    except ConfigError:
        try:
            return config.Config(), tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return config.Config(), {}


# -------------------------------------------------------------------------------- parts


def _part(split: Split, before: Scorecard, after: Scorecard) -> Part:
    rows = {**after.rows[split], **before.rows[split]}
    title, about = {
        "heldout": ("Held-out files", "Files drawn at random, which training never saw."),
        "reserved": (
            "Reserved files",
            "Files held out by name in the settings: another kind of code than was trained on.",
        ),
        "train": ("Training files", ""),
    }[split]
    return Part(
        split=split,
        title=title,
        about=about,
        tasks=len(rows),
        measures=_measures(split, before, after),
        funnel=_funnel(before.funnel[split], after.funnel[split]),
        left_out=tuple(told for card in (before, after) if (told := _left_out(split, card))),
        shown=_shown(split, before, after),
    )


def _measures(split: Split, before: Scorecard, after: Scorecard) -> tuple[MeasureRow, ...]:
    differences = change(before, after, split)
    return tuple(
        _measure(name, before.measures[split][name], after.measures[split][name], differences[name])
        for name in MEASURES
    )


def _measure(name: str, before: Estimate, after: Estimate, difference: Estimate) -> MeasureRow:
    title, about = ABOUT[name]
    share = name not in COUNTS
    told = range_told = verdict = ""
    if difference.n:
        factor, digits, unit = (100, 1, " points") if share else (1, 2, "")
        value, low, high = (
            f"{factor * number:+.{digits}f}".replace("-", "−")
            for number in (difference.value, difference.low, difference.high)
        )
        told, range_told = f"{value}{unit}", f"{low} to {high}"
        verdict = _verdict(difference)
    return MeasureRow(
        name=title,
        about=about,
        before=_value(before, share=share),
        after=_value(after, share=share),
        change=told,
        range=range_told,
        verdict=verdict,
        n=difference.n or before.n or after.n,
        chart=dot_chart(before, after, share=share),
    )


def _value(estimate: Estimate, *, share: bool) -> str:
    if not estimate.n:
        return "–"
    return f"{100 * estimate.value:.1f} %" if share else f"{estimate.value:.2f}"


def _verdict(difference: Estimate) -> str:
    """Whether the whole range lies on one side of no change."""
    if difference.low > 0:
        return "better"
    return "worse" if difference.high < 0 else "unclear"


def _funnel(before: Mapping[str, int], after: Mapping[str, int]) -> tuple[FunnelRow, ...]:
    def reached(counts: Mapping[str, int], step: str) -> tuple[int, float] | None:
        return (counts[step], counts[step] / counts["sampled"]) if counts["sampled"] else None

    return tuple(
        FunnelRow(STEPS[step], reached(before, step), reached(after, step)) for step in FUNNEL
    )


def _left_out(split: Split, card: Scorecard) -> str:
    out = card.left_out(split)
    told = [
        f"{out[key]} {words}"
        for key, words in {
            "too_long": "tasks whose prompt is too long",
            "unknown_samples": "samples whose grading failed through no fault of theirs",
            "too_few_samples": "tasks with fewer than three known samples",
        }.items()
        if out[key]
    ]
    return f"{card.evaluation}: {', '.join(told)}" if told else ""


def _shown(split: Split, before: Scorecard, after: Scorecard) -> tuple[TaskView, ...]:
    first: Mapping[str, TaskRow] = before.rows[split]
    second: Mapping[str, TaskRow] = after.rows[split]
    ids = pick(list({**first, **second}), SHOWN[split])
    return tuple(view(first.get(one), second.get(one)) for one in ids)


def _times(steps: list[Row], before: Scorecard, after: Scorecard) -> tuple[TimeRow, ...]:
    spent = {f"training: {what}": amount for what, amount in seconds(steps).items()}
    for card in (before, after):
        rows = [row for rows in card.rows.values() for row in rows.values()]
        spent[f"evaluation {card.evaluation}: sampling"] = sum(row.sample_s for row in rows)
        spent[f"evaluation {card.evaluation}: grading"] = sum(row.grade_s for row in rows)
    most = max(spent.values(), default=0.0)
    return tuple(
        TimeRow(what, _duration(amount), amount / most) for what, amount in spent.items() if amount
    )


def _duration(amount: float) -> str:
    if amount < 60:
        return f"{amount:.1f} s"
    minutes, rest = divmod(round(amount), 60)
    return f"{minutes} min {rest:02} s"

"""``metrics.jsonl`` → the learning curves, of one run or of several, and where the time went.

A row is what one optimizer step left behind. A key that a row lacks, or that holds no number,
leaves a gap; a step that was run again after a resume counts once, as it went the last time. A
nested key is known as ``outer.inner``. Keys that no chart here knows get one of their own.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

from covet.errors import DataError
from covet.inspector.charts import LineChart, Series, line_chart
from covet.inspector.files import whole_lines
from covet.runlog import decode

Row = Mapping[str, Any]
Steps = Sequence[Row]


@dataclass(frozen=True, slots=True)
class Curve:
    """A chart to draw of the rows' keys."""

    title: str
    about: str
    keys: Mapping[str, str]
    """Key → label; one that ends in a full stop stands for all that begin with it."""
    share: bool = False


CURVES = (
    Curve("Reward", "mean over the step's rollouts", {"reward": "reward"}),
    Curve(
        "Tests that pass, and that gain",
        "share of the step's rollouts; to gain is to pass and run a new line",
        {"passes": "pass", "gains": "gain"},
        share=True,
    ),
    Curve(
        "Mutants killed",
        "mean share of the function's mutants; nothing for a test that does not pass",
        {"kills": "killed"},
        share=True,
    ),
    Curve(
        "What the tests ask",
        "of those that pass: how telling their assertions are, the share whose tell hardly anything"
        " or that a guard refuses, how unlike each other a group's are, and how true thoughts are",
        {
            "asserts": "telling",
            "weak": "weak",
            "refused": "refused",
            "diversity": "unlike",
            "trace": "true thoughts",
        },
        share=True,
    ),
    Curve("Reward terms", "mean over the step's rollouts, before their weights", {"terms.": ""}),
    Curve("Divergence", "nats per token from the policy that training started from", {"kl": "kl"}),
    Curve("Entropy", "nats per token", {"entropy": "entropy"}),
    Curve("Gradient norm", "before it is clipped", {"grad_norm": "norm"}),
    Curve(
        "Clipped",
        "share of tokens whose ratio, or whose weight for being stale, was cut",
        {"clip_share": "ratio", "truncated_weights": "weight"},
        share=True,
    ),
    Curve(
        "Dead groups",
        "zero signal: share of groups whose rewards are all equal, so that nothing is learned;"
        " saturated ones earned something",
        {"dead_groups": "dead", "saturated": "saturated"},
        share=True,
    ),
    Curve(
        "Staleness",
        "steps between the version that sampled and the one that learned",
        {"staleness": "steps"},
    ),
    Curve("Alarms and canaries", "in each step", {"alarms": "alarms", "canar": ""}),
    Curve(
        "Length",
        "mean tokens of a completion, and of the thought in it",
        {"completion_tokens": "all", "thought_tokens": "thought"},
    ),
    Curve(
        "Where a step's time goes",
        "seconds; sampling and grading may run beside learning",
        {
            "wall_s": "step",
            "sample_s": "sampling",
            "grade_s": "grading",
            "update_s": "learning",
            "wait_s": "waiting",
        },
    ),
)
NO_CURVE = frozenset({"step", "sampled_at", "updated"})

TIMES = {"sample_s": "sampling", "grade_s": "grading", "update_s": "updating the weights"}


def read_steps(run: Path) -> list[Row]:
    """The rows, flat, in the order of their steps; none where nothing was trained. Lines that
    cannot be read are passed over.
    """
    by_step: dict[int, Row] = {}
    try:
        for line in whole_lines(run / "metrics.jsonl"):
            row = _row(line.data)
            if isinstance(row.get("step"), int):
                by_step[row["step"]] = row
    except OSError:
        return []
    return [by_step[step] for step in sorted(by_step)]


def _row(line: bytes) -> dict[str, Any]:
    """With what follows from other keys."""
    try:
        row = dict(_flat(decode(line, dict[str, Any])))
    except (DataError, RecursionError):
        return {}
    step, sampled, rolled = row.get("step"), row.get("sampled_at"), row.get("roll_s")
    if isinstance(step, int) and isinstance(sampled, int):
        row["staleness"] = step - sampled
    if _number(rolled) is not None and _number(row.get("sample_s")) is not None:
        row.setdefault("grade_s", max(0.0, row["roll_s"] - row["sample_s"]))
    return row


def _flat(value: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    for key, item in value.items():
        if isinstance(item, dict):
            yield from _flat(item, f"{above}{key}.")
        else:
            yield above + key, item


# ------------------------------------------------------------------------------------ runs


@dataclass(frozen=True, slots=True)
class Family:
    """Runs that differ in nothing but their seeds, drawn as one line with a band."""

    label: str
    members: tuple[Steps, ...]
    names: tuple[str, ...] = ()

    @property
    def rows(self) -> Iterator[Row]:
        return (row for steps in self.members for row in steps)


def families(
    runs: Mapping[str, tuple[Mapping[str, Mapping[str, Any]], Steps]], *, together: bool
) -> list[Family]:
    """By name, the settings' tables and the steps. ``together``: seeds of the same settings are
    one family; else each run is one.
    """
    groups: dict[object, list[str]] = {}
    for name, (tables, _) in runs.items():
        groups.setdefault(seedless(tables) if together and tables else name, []).append(name)
    return [
        Family(
            names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1} more",
            tuple(runs[name][1] for name in names),
            tuple(names),
        )
        for names in groups.values()
    ]


def seedless(tables: Mapping[str, Mapping[str, Any]]) -> object:
    """Equal for runs that differ in their seeds only."""
    return tuple(
        (table, key, repr(value))
        for table, values in sorted(tables.items())
        for key, value in sorted(values.items())
        if key != "seed"
    )


# ---------------------------------------------------------------------------------- charts


def curves(found: Sequence[Family]) -> tuple[list[LineChart], list[LineChart]]:
    """A chart of each curve that there are values for, and of each key that is in none of them.

    Of one family a chart holds all its keys; of several each key has a chart, each family a line.
    """
    keys = dict.fromkeys(key for family in found for row in family.rows for key in row)
    drawn: set[str] = set(NO_CURVE)
    charts: list[LineChart] = []
    for curve in CURVES:
        labels = _labels(curve, keys)
        drawn |= labels.keys()
        charts += _charts(curve, labels, found)
    others: list[LineChart] = []
    for key in keys:
        if key not in drawn:
            others += _charts(Curve(_words(key), "", {}), {key: key}, found)
    return charts, others


def _labels(curve: Curve, keys: Mapping[str, None]) -> dict[str, str]:
    labels: dict[str, str] = {}
    for wanted, label in curve.keys.items():
        if label:
            labels |= {wanted: label} if wanted in keys else {}
        else:
            hidden = wanted if wanted.endswith(".") else ""
            labels |= {key: key.removeprefix(hidden) for key in keys if key.startswith(wanted)}
    return labels


def _charts(curve: Curve, labels: Mapping[str, str], found: Sequence[Family]) -> list[LineChart]:
    begun = {
        steps[0] for one in found for member in one.members for steps in alarms(member).values()
    }
    if len(found) == 1:
        lines = [_series(found[0], key, label) for key, label in labels.items()]
        groups = [(curve.title, [line for line in lines if line.points])]
    else:
        groups = [
            (
                curve.title if len(labels) == 1 else f"{curve.title}: {label}",
                [line for family in found if (line := _series(family, key, family.label)).points],
            )
            for key, label in labels.items()
        ]
    return [
        line_chart(title, lines, about=curve.about, share=curve.share, alarms=sorted(begun))
        for title, lines in groups
        if lines
    ]


def _series(family: Family, key: str, label: str) -> Series:
    if len(family.members) == 1:
        return Series(label, _points(family.members[0], key))
    by_step: dict[float, list[float]] = {}
    for steps in family.members:
        for step, value in _points(steps, key):
            by_step.setdefault(step, []).append(value)
    ordered = sorted(by_step.items())
    return Series(
        label,
        [(step, fmean(values)) for step, values in ordered],
        band=[(step, min(values), max(values)) for step, values in ordered],
        runs=len(family.members),
    )


def _points(steps: Steps, key: str) -> list[tuple[float, float]]:
    return [(row["step"], value) for row in steps if (value := _number(row.get(key))) is not None]


def _words(key: str) -> str:
    words = key.replace("_", " ").replace(".", ": ")
    return words[:1].upper() + words[1:]


# ----------------------------------------------------------------------------------- tables


@dataclass(frozen=True, slots=True)
class Trend:
    """One key at the start of training and now: means over a tenth of the steps."""

    key: str
    first: float
    last: float


def trends(steps: Steps) -> list[Trend]:
    """Of every key that has numbers, in the order of the charts."""
    keys = dict.fromkeys(key for row in steps for key in row)
    ordered = dict.fromkeys([*(key for curve in CURVES for key in _labels(curve, keys)), *keys])
    found: list[Trend] = []
    for key in ordered:
        values = [value for _, value in _points(steps, key)]
        few = max(1, len(values) // 10)
        if values and key not in NO_CURVE:
            found.append(Trend(key, fmean(values[:few]), fmean(values[-few:])))
    return found


def alarms(steps: Steps) -> Mapping[str, list[int]]:
    """By name, the steps that raised it."""
    raised: dict[str, list[int]] = {}
    for row in steps:
        names = row.get("alarms")
        for name in names if isinstance(names, list) else ():
            raised.setdefault(str(name), []).append(row["step"])
    return raised


def seconds(steps: Steps) -> dict[str, float]:
    """Wall seconds of all steps by what they were spent on."""
    if not any("sample_s" in row for row in steps):  # of an older version
        return {
            "sampling and grading": _sum(steps, "roll_s"),
            "updating the weights": _sum(steps, "update_s"),
        }
    return {label: _sum(steps, key) for key, label in TIMES.items()}


def _sum(steps: Steps, key: str) -> float:
    return sum(_number(row.get(key)) or 0.0 for row in steps)


def _number(value: object) -> float | None:
    if isinstance(value, (int, float)) and math.isfinite(value):
        return float(value)
    return float(len(value)) if isinstance(value, list) else None

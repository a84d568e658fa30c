"""``metrics.jsonl`` → the learning curves, and where the time went.

A row is what one optimizer step left behind. A key that a row lacks, or that holds no number,
leaves a gap; a step that was run again after a resume counts once, as it went the last time.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from covet.inspector.charts import LineChart, Series, line_chart
from covet.runlog import read_jsonl

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Curve:
    """A chart to draw of the rows' keys."""

    title: str
    about: str
    keys: Mapping[str, str]
    """Key → label."""
    share: bool = False


CURVES = (
    Curve("Reward", "mean over the step's rollouts", {"reward": "reward"}),
    Curve(
        "Tests that pass, and that gain",
        "share of the step's rollouts; to gain is to pass and run a new line",
        {"passes": "pass", "gains": "gain"},
        share=True,
    ),
    Curve("Divergence", "nats per token from the policy that training started from", {"kl": "kl"}),
    Curve(
        "Dead groups",
        "share of groups whose rewards are all equal: nothing to learn from",
        {"dead_groups": "dead"},
        share=True,
    ),
)

TIMES = {"roll_s": "sampling and grading", "update_s": "updating the weights"}


def read_steps(run: Path) -> list[Row]:
    """The rows in the order of their steps; none where nothing was trained."""
    path = run / "metrics.jsonl"
    if not path.exists():
        return []
    rows: list[Row] = list(read_jsonl(path, dict[str, Any]))
    by_step = {row["step"]: row for row in rows if isinstance(row.get("step"), int)}
    return [by_step[step] for step in sorted(by_step)]


def curves(steps: Sequence[Row]) -> list[LineChart]:
    """A chart of each curve that there are values for."""
    charts: list[LineChart] = []
    for curve in CURVES:
        series = [Series(label, _points(steps, key)) for key, label in curve.keys.items()]
        series = [one for one in series if one.points]
        if series:
            charts.append(line_chart(curve.title, series, about=curve.about, share=curve.share))
    return charts


def _points(steps: Sequence[Row], key: str) -> list[tuple[float, float]]:
    return [(row["step"], value) for row in steps if (value := _number(row.get(key))) is not None]


def seconds(steps: Sequence[Row]) -> dict[str, float]:
    """Wall seconds of all steps by what they were spent on."""
    return {
        label: sum(_number(row.get(key)) or 0.0 for row in steps) for key, label in TIMES.items()
    }


def _number(value: object) -> float | None:
    if isinstance(value, (int, float)) and math.isfinite(value):
        return float(value)
    return None

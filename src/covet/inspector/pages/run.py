"""The Run page: curves of one run or of several, what came of it, alarms, time and settings."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from covet.evaluate.metrics import COUNTS, MEASURES
from covet.inspector.address import Address, Page
from covet.inspector.curves import alarms, curves, families, seconds, trends
from covet.inspector.pages.scorecard import ABOUT
from covet.inspector.source import Run, Source


@dataclass(frozen=True, slots=True)
class TimeRow:
    """What wall time was spent on."""

    name: str
    told: str
    share: float


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting of the runs that are shown."""

    table: str
    key: str
    values: tuple[str, ...]
    """One where all have the same."""


def run(source: Source, address: Address) -> Page:
    chosen = _chosen(source, address)
    together = address.choice("seeds", ("together", "apart")) == "together"
    found = families({one.name: (one.tables, one.steps) for one in chosen}, together=together)
    first = chosen[0] if chosen else None
    drawn, others = curves(found)
    return Page(
        "run.html",
        f"Run {first.name}" if len(chosen) == 1 and first else f"{len(chosen)} runs",
        {
            "chosen": chosen,
            "one": first if len(chosen) == 1 else None,
            "together": together,
            "families": found,
            "curves": drawn,
            "other_curves": others,
            "trends": [(family, trends(family.members[0])) for family in found],
            "alarms": [(one, alarms(one.steps)) for one in chosen],
            "times": _times(first) if first and len(chosen) == 1 else (),
            "measures": _measures(first) if first and len(chosen) == 1 else (),
            "showcase": showcase(source, first) if first else None,
            "settings": _settings(chosen),
            "apart": address.but(seeds="apart" if together else ""),
            "compare_address": Address.of("compare", run=first.name) if first else None,
            "scorecard_address": Address.of("scorecard", run=first.name) if first else None,
            "groups_address": _groups_of,
            "to_steps": _to_steps(first) if first and len(chosen) == 1 else None,
        },
        run=first.name if first else "",
    )


def _groups_of(run: Run, step: int) -> Address:
    return Address.of("groups", run=run.name, step=step)


def _to_steps(run: Run) -> Callable[[int, int], Address]:
    def to(first: int, last: int) -> Address:
        return Address.of("groups", **{"run": run.name, "from": first, "to": last})

    return to


def _chosen(source: Source, address: Address) -> list[Run]:
    """Those that ``run`` names, or all."""
    if name := address.text("run"):
        return [source.run(name)]
    return list(source.runs)


def showcase(source: Source, run: Run) -> Mapping[str, Any] | None:
    """The task on whose tests, of the tuned policy, most can be seen: that one newly covers lines
    and kills mutants. Chosen by these results, and said to be.
    """
    last = run.evaluations[1:2] or run.evaluations
    rows = source.index.ask(
        "SELECT * FROM evaluated WHERE owner = ? AND evaluation = ? AND gained > 0 AND killed > 0"
        " ORDER BY passes >= 1 DESC, killed * gained DESC, example LIMIT 1",
        (run.name, *last[:1]) if last else (run.name, ""),
    )
    if not rows:
        return None
    return {"address": Address.of("task", run=run.name, example=rows[0]["example"]), "row": rows[0]}


def _times(run: Run) -> tuple[TimeRow, ...]:
    spent = {f"training: {what}": amount for what, amount in seconds(run.steps).items()}
    most = max(spent.values(), default=0.0)
    return tuple(
        TimeRow(what, duration(amount), amount / most) for what, amount in spent.items() if amount
    )


def duration(amount: float) -> str:
    if amount < 60:
        return f"{amount:.1f} s"
    minutes, rest = divmod(round(amount), 60)
    return f"{minutes} min {rest:02} s"


def _measures(run: Run) -> list[tuple[str, str, str]]:
    """Of ``scorecard.json``: each measure before and after."""
    card = run.scorecard_json
    before, after = card.get("before"), card.get("after")
    if not isinstance(before, dict) or not isinstance(after, dict):
        return []
    return [
        (ABOUT[name][0], _told(before.get(name), name), _told(after.get(name), name))
        for name in MEASURES
        if name in ABOUT
    ]


def _told(found: Any, name: str) -> str:
    if not isinstance(found, dict) or not found.get("n"):
        return "–"
    value = float(found["value"])
    return f"{value:.2f}" if name in COUNTS else f"{100 * value:.1f} %"


def _settings(runs: Sequence[Run]) -> list[Setting]:
    keys = dict.fromkeys(
        (table, key) for run in runs for table, values in run.tables.items() for key in values
    )
    found: list[Setting] = []
    for table, key in keys:
        values = tuple(str(run.tables.get(table, {}).get(key, "–")) for run in runs)
        found.append(Setting(table, key, values[:1] if len(set(values)) == 1 else values))
    return sorted(found, key=lambda one: (one.table, len(one.values) == 1))

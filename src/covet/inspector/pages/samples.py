"""The Group page, and the lists of groups and of rollouts, with their filters."""

import re
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from covet.errors import DataError
from covet.inspector.address import Address, Page
from covet.inspector.charts import StackedBar, stacked_bars
from covet.inspector.pages.listing import listing, where
from covet.inspector.rows import RolloutRow, everything, suspicion
from covet.inspector.source import Run, Source
from covet.inspector.tasks import VERDICTS, verdict
from covet.prompt.parse import without_thoughts
from covet.runlog import decode

GROUP_ORDERS = {
    "step": ("in order", "step, example"),
    "best": ("best first", "mean DESC, step, example"),
    "worst": ("worst first", "mean, step, example"),
    "divergent": ("most divergent first", "spread DESC, step, example"),
    "suspicious": ("most suspicious first", "suspicion DESC, step, example"),
}
ROLLOUT_ORDERS = {
    "step": ("in order", "step, example, sample"),
    "best": ("best first", "reward DESC, step, example, sample"),
    "worst": ("worst first", "reward, step, example, sample"),
    "divergent": ("furthest from its group first", "abs(advantage) DESC, step, example, sample"),
    "suspicious": ("most suspicious first", "suspicion DESC, step, example, sample"),
}
MEMBER_ORDERS = {
    "sample": "as sampled",
    "best": "best first",
    "worst": "worst first",
    "divergent": "most unlike its siblings first",
    "suspicious": "most suspicious first",
}
SHOWN_CHARACTERS = 4000
"""Of a text on a page that shows many."""
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Text:
    """The start of a text that may be endless."""

    text: str
    cut: int
    """Characters that are left out."""


def start(text: str, most: int = SHOWN_CHARACTERS) -> Text:
    return Text(text[:most], max(0, len(text) - most))


@dataclass(frozen=True, slots=True)
class Member:
    """One rollout of a group."""

    row: RolloutRow
    verdict: str
    trace: Text
    test: Text
    detail: Text
    bar: StackedBar
    suspicion: float
    why: tuple[str, ...]
    repeats: int
    """How many of its siblings wrote the very same."""
    unlike: float
    """1 less the mean share of words that it has in common with a sibling."""
    address: Address


# -------------------------------------------------------------------------------- lists


def groups(source: Source, address: Address) -> Page:
    run = source.run(address.text("run"))
    narrowed, values = _narrowed(run, address)
    table = (
        "SELECT step, example, count(*) AS n, avg(reward) AS mean, max(reward) AS best,"
        " min(reward) AS worst, avg(reward * reward) - avg(reward) * avg(reward) AS spread,"
        " avg(status = 'ok') AS passes, avg(gained > 0) AS gains, max(killed) AS killed,"
        " max(mutants) AS mutants, max(suspicion) AS suspicion, group_concat(DISTINCT why) AS why"
        f" FROM rollouts WHERE {narrowed} GROUP BY step, example"
    )
    signal = address.choice("signal", ("any", "some", "none"))
    if signal != "any":
        table += f" HAVING max(reward) - min(reward) {'>' if signal == 'some' else '<='} 1e-12"

    def to(row: sqlite3.Row) -> Address:
        return Address.of("group", run=run.name, step=row["step"], example=row["example"])

    order = address.choice("sort", tuple(GROUP_ORDERS))
    found = listing(source, table, values, order=GROUP_ORDERS[order][1], address=address, to=to)
    orders = {key: told for key, (told, _) in GROUP_ORDERS.items()}
    return Page("groups.html", "Groups", {**found, "orders": orders}, run=run.name)


def rollouts(source: Source, address: Address) -> Page:
    run = source.run(address.text("run"))
    narrowed, values = _narrowed(run, address)

    def to(row: sqlite3.Row) -> Address:
        return rollout_address(run.name, row["step"], row["example"], row["sample"])

    found = listing(
        source,
        f"SELECT * FROM rollouts WHERE {narrowed}",
        values,
        order=ROLLOUT_ORDERS[address.choice("sort", tuple(ROLLOUT_ORDERS))][1],
        address=address,
        to=to,
    )
    statuses = source.index.ask(
        "SELECT status, count(*) AS n FROM rollouts WHERE owner = ?"
        " GROUP BY status ORDER BY n DESC",
        (run.name,),
    )
    return Page(
        "rollouts.html",
        "Rollouts",
        {
            **found,
            "statuses": [(row["status"], row["n"]) for row in statuses],
            "verdicts": VERDICTS,
            "orders": {key: told for key, (told, _) in ROLLOUT_ORDERS.items()},
        },
        run=run.name,
    )


def rollout_address(run: str, step: int, example: str, sample: int) -> Address:
    return Address.of("rollout", run=run, step=step, example=example, sample=sample)


def _narrowed(run: Run, address: Address) -> tuple[str, list[object]]:
    """A condition on the rows of rollouts, and its values."""
    exact = address.whole("step")
    flagged = address.choice("flagged", ("", "yes"))
    return where(
        [
            ("owner = ?", run.name),
            ("step >= ?", address.whole("from") if exact is None else exact),
            ("step <= ?", address.whole("to") if exact is None else exact),
            ("status = ?", address.text("status")),
            ("suspicion > ?", 0 if flagged else None),
            ("name_holds(example, ?)", address.text("task")),
            ("name_holds(why, ?)", address.text("why")),
            ("holds(file, start, size, ?)", address.text("q")),
        ]
    )


# -------------------------------------------------------------------------------- group


def group(source: Source, address: Address) -> Page:
    run = source.run(address.text("run"))
    step, example = address.whole("step", 0) or 0, address.text("example")
    rows = read_group(source, run, step, example)
    if not rows:
        raise DataError(f"run {run.name} has no rollouts of {example!r} at step {step}")
    task = source.example(run, example)
    order = address.choice("sort", tuple(MEMBER_ORDERS))
    labels = drawn_terms(run, rows)
    return Page(
        "group.html",
        f"{example}, step {step}",
        {
            "address": address,
            "example": example,
            "step": step,
            "members": _ordered(members(rows, run, labels), order),
            "labels": labels,
            "weighted": weights(run, rows) is not None,
            "orders": MEMBER_ORDERS,
            "prompt": next((start(row.prompt, 40_000) for row in rows if row.prompt), None),
            "task": task,
            "up": Address.of("groups", run=run.name),
            "matrix_address": Address.of("matrix", run=run.name, step=step, example=example),
            "task_address": source.task_address(run, example),
            "around": _around(source, run, step, example),
        },
        run=run.name,
    )


def read_group(source: Source, run: Run, step: int, example: str) -> list[RolloutRow]:
    rows = source.index.ask(
        "SELECT file, start, size FROM rollouts WHERE owner = ? AND step = ? AND example = ?"
        " ORDER BY sample",
        (run.name, step, example),
    )
    return [decode(source.index.line(row), RolloutRow) for row in rows]


def term_names(rows: Sequence[RolloutRow]) -> list[str]:
    return list(dict.fromkeys(name for row in rows for name in row.terms))


def weights(run: Run, rows: Sequence[RolloutRow]) -> Mapping[str, float] | None:
    """Each term's, as the run's settings have them; None where they do not name every term."""
    table: Mapping[str, Any] = run.tables.get("reward", {})
    nested = table.get("weights")
    told = {**table, **(nested if isinstance(nested, dict) else {})}
    found = {name: told.get(name) for name in term_names(rows)}
    known = {name: float(w) for name, w in found.items() if isinstance(w, (int, float))}
    return known if len(known) == len(found) else None


def drawn_terms(run: Run, rows: Sequence[RolloutRow]) -> list[str]:
    """The terms that have a part in a bar: those with a weight, where weights are known."""
    by = weights(run, rows)
    return [name for name in term_names(rows) if by is None or by[name]]


def bar_parts(row: RolloutRow, by: Mapping[str, float] | None) -> list[tuple[str, float, str]]:
    """What each term adds to the reward; unweighted where weights are not known."""
    if by is None:
        return [(name, value, f"{name} {value:.3g}") for name, value in row.terms.items()]
    return [
        (name, by[name] * value, f"{name} {value:.3g} × {by[name]:.3g} = {by[name] * value:.3g}")
        for name, value in row.terms.items()
    ]


def members(rows: Sequence[RolloutRow], run: Run, labels: Sequence[str]) -> list[Member]:
    by = weights(run, rows)
    bars = stacked_bars(
        [[part for part in bar_parts(row, by) if part[0] in labels] for row in rows],
        labels=labels,
    )
    words = [set(_WORD.findall(row.completion[:SHOWN_CHARACTERS])) for row in rows]
    found: list[Member] = []
    for place, (row, bar) in enumerate(zip(rows, bars, strict=True)):
        doubt, why = suspicion(row)
        trace, test = split_answer(row.completion)
        others = [other for there, other in enumerate(words) if there != place]
        found.append(
            Member(
                row=row,
                verdict=verdict(row.status),
                trace=start(trace),
                test=start(test),
                detail=start(row.detail, 2000),
                bar=bar,
                suspicion=doubt,
                why=why,
                repeats=sum(other.completion == row.completion for other in rows) - 1,
                unlike=_unlike(words[place], others),
                address=rollout_address(run.name, row.step, row.example_id, row.sample),
            )
        )
    return found


def split_answer(completion: str) -> tuple[str, str]:
    """The thought, and what was said after it; the parser reads them apart in the same way."""
    said = without_thoughts(completion)
    return completion.removesuffix(said), said


def _unlike(words: set[str], others: Sequence[set[str]]) -> float:
    common = [len(words & other) / len(words | other) for other in others if words | other]
    return 1 - sum(common) / len(common) if common else 0.0


def _ordered(found: list[Member], order: str) -> list[Member]:
    def key(one: Member) -> tuple[float, ...]:
        return {
            "best": (-one.row.reward,),
            "worst": (one.row.reward,),
            "divergent": (-one.unlike,),
            "suspicious": (-one.suspicion, -one.row.reward),
        }.get(order, (one.row.sample,))

    return sorted(found, key=key)


def _around(source: Source, run: Run, step: int, example: str) -> dict[str, Address | None]:
    """The groups before and after, in the order of steps; and the same task's."""

    def one(sign: str, order: str) -> Address | None:
        rows = source.index.ask(
            f"SELECT step, example FROM rollouts WHERE owner = ? AND (step, example) {sign} (?, ?)"
            f" ORDER BY step {order}, example {order} LIMIT 1",
            (run.name, step, example),
        )
        if not rows:
            return None
        return Address.of("group", run=run.name, step=rows[0]["step"], example=rows[0]["example"])

    return {"before": one("<", "DESC"), "after": one(">", "ASC")}


def rest(line: bytes) -> dict[str, Any]:
    """Keys of a row that no part of its page shows."""
    known = {*RolloutRow.__struct_fields__, "execution"}
    return {key: value for key, value in everything(line).items() if key not in known}

"""The Compare page: the same held-out tasks under two policies, and one such task side by side."""

import sqlite3
from typing import Any

from covet.errors import DataError
from covet.evaluate.rows import AFTER, BEFORE, TaskRow
from covet.inspector.address import Address, Page
from covet.inspector.pages.listing import listing, where
from covet.inspector.pages.scorecard import pair
from covet.inspector.source import Run, Source
from covet.inspector.tasks import view
from covet.runlog import decode

MEASURED = {
    "reward": "reward",
    "passes": "share that passes",
    "gained": "new lines",
    "killed": "share of mutants killed",
}
"""What tasks are compared by; each the mean over a task's samples, but for mutants, which count
where any sample kills them."""
ORDERS = {
    "improved": ("most improved first", "delta DESC, example"),
    "broke": ("most broken first", "delta, example"),
    "name": ("by name", "example"),
}
OUTCOMES = {"": "all", "improved": "improved", "broke": "broke", "same": "as before"}


def compare(source: Source, address: Address) -> Page:
    run = source.run(address.text("run"))
    other = source.run(address.text("other", run.name))
    first, second = pair(run, other, address)
    by = address.choice("by", tuple(MEASURED))
    table, values = _joined(run, other, first, second, by)
    counts = source.index.ask(
        "SELECT sum(delta > 1e-9) AS improved, sum(delta < -1e-9) AS broke,"
        f" sum(abs(delta) <= 1e-9) AS same, count(*) AS n FROM ({table})",
        values,
    )[0]
    narrowed, more = _narrowed(address)

    def to(row: sqlite3.Row) -> Address:
        return _with(
            Address.of("task", run=run.name, example=row["example"]), other.name, first, second
        )

    found = listing(
        source,
        f"SELECT * FROM ({table}) WHERE {narrowed}",
        [*values, *more],
        order=ORDERS[address.choice("sort", tuple(ORDERS))][1],
        address=address,
        to=to,
    )
    return Page(
        "compare.html",
        "Compare",
        {
            **found,
            "names": (first, second),
            "evaluations": run.evaluations,
            "others": [one.name for one in source.runs if one.evaluations],
            "other": other,
            "counts": counts,
            "measured": MEASURED,
            "by": by,
            "outcomes": OUTCOMES,
            "orders": {key: told for key, (told, _) in ORDERS.items()},
        },
        run=run.name,
    )


def _with(address: Address, other: str, first: str, second: str) -> Address:
    """The same sides, those that are usual left unsaid."""
    return address.but(
        other="" if other == address.text("run") else other,
        a="" if first == BEFORE else first,
        b="" if second == AFTER else second,
    )


def _joined(run: Run, other: Run, first: str, second: str, by: str) -> tuple[str, list[object]]:
    """Tasks that both evaluations have; ``by`` is one of ours and no text from outside."""
    table = (
        "SELECT b.example, b.split, b.path, a.passes AS passes_a, b.passes AS passes_b,"
        " a.gained AS gained_a, b.gained AS gained_b, a.killed AS killed_a, b.killed AS killed_b,"
        f" a.reward AS reward_a, b.reward AS reward_b, b.{by} - a.{by} AS delta"
        " FROM evaluated a JOIN evaluated b ON a.example = b.example"
        " WHERE a.owner = ? AND a.evaluation = ? AND b.owner = ? AND b.evaluation = ?"
        f" AND a.{by} IS NOT NULL AND b.{by} IS NOT NULL"
    )
    return table, [run.name, first, other.name, second]


def _narrowed(address: Address) -> tuple[str, list[object]]:
    outcome = address.choice("outcome", tuple(OUTCOMES))
    sign = {"": None, "improved": 1, "broke": -1, "same": 0}[outcome]
    return where(
        [
            ("(delta > 1e-9) - (delta < -1e-9) = ?", sign),
            ("split = ?", address.text("split")),
            ("name_holds(example, ?)", address.text("task")),
        ]
    )


def task(source: Source, address: Address) -> Page:
    run = source.run(address.text("run"))
    other = source.run(address.text("other", run.name))
    first, second = pair(run, other, address)
    example = address.text("example")
    before = _row(source, run, first, example)
    after = _row(source, other, second, example)
    if before is None and after is None:
        raise DataError(f"neither {first} nor {second} of run {run.name} tried {example!r}")
    values: dict[str, Any] = {
        "address": address,
        "example": example,
        "names": (first, second),
        "shown": view(before, after),
        "up": _with(Address.of("compare", run=run.name), other.name, first, second),
    }
    return Page("task.html", example, values, run=run.name)


def _row(source: Source, run: Run, evaluation: str, example: str) -> TaskRow | None:
    rows = source.index.ask(
        "SELECT file, start, size FROM evaluated"
        " WHERE owner = ? AND evaluation = ? AND example = ?",
        (run.name, evaluation, example),
    )
    return decode(source.index.line(rows[0]), TaskRow) if rows else None

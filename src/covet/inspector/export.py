"""Runs and datasets → one HTML file that holds all of its pages, to be mailed and opened offline.

It needs no server, no script and no network: a link leads to a section of the same file, and the
section that is named in the address is the one that shows. Its content policy allows nothing but
its own style. Filters need a server; orders are there as lists of their own.

What a large run leaves out is told in the file.
"""

import base64
import hashlib
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from covet.inspector.address import PER_PAGE, Address
from covet.inspector.page import FOLDER, render
from covet.inspector.pages.compare import ORDERS as COMPARE_ORDERS
from covet.inspector.pages.run import showcase
from covet.inspector.pages.samples import GROUP_ORDERS, MEMBER_ORDERS, rollout_address
from covet.inspector.pages.scorecard import pair
from covet.inspector.site import body, found, navigation
from covet.inspector.source import DatasetFolder, Run, Source
from covet.runlog import write_whole


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of each run goes into a file."""

    rollouts: int = 1000
    """Whole groups, until there are so many: a part each of the best, the worst, the most divergent
    and the most suspicious, and the rest evenly over the steps."""
    tasks: int = 1000
    """Of a comparison."""
    examples: int = 200
    """Of a dataset: with those of the groups that are there."""


FULL = Limits()
REPORT = Limits(rollouts=96, tasks=60, examples=0)
"""Of what a run writes at its end."""
ENDS = 4
"""How many orders a group can be at the end of; half of the groups are chosen for it."""


def export(source: Source, path: Path, *, limits: Limits = FULL) -> Path:
    """Write the file; ``source`` is read to its end first."""
    source.index.catch_up()
    write_whole(path, page(source, limits=limits).encode("utf-8", "backslashreplace"))
    return path


def page(source: Source, *, limits: Limits) -> str:
    """The file's text."""
    listed = {_anchor(source, one): one for one in _addresses(source, limits)}

    def link(address: Address) -> str:
        anchor = _anchor(source, address)
        return f"#{anchor}" if anchor in listed else ""

    style = Markup((FOLDER / "style.css").read_text(encoding="utf-8"))  # noqa: S704 (our own)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return render(
        "export.html",
        {
            "title": source.runs[0].name if source.runs else source.datasets[0].name,
            "style": style,
            "style_hash": Markup(f"sha256-{digest}"),  # noqa: S704 (letters, digits, + / =)
            "navigation": navigation(source, "", "", link),
            "note": _note(source, limits),
            "pages": [
                {"anchor": anchor, "body": body(found(source, address)[1], link, live=False)}
                for anchor, address in listed.items()
            ],
        },
    )


def _anchor(source: Source, address: Address) -> str:
    """The name of an address's section: the same for every address that shows the same."""
    given = {key: value for key, value in address.given.items() if (key, value) != ("page", "1")}
    if address.page in ("dataset", "example"):
        if source.datasets:
            given.setdefault("dataset", source.datasets[0].name)
    elif source.runs and (address.page or len(source.runs) == 1):
        given.setdefault("run", source.runs[0].name)
    digest = hashlib.blake2b(Address(address.page, given).query.encode(), digest_size=6)
    return f"{address.page or 'run'}-{digest.hexdigest()}"


# -------------------------------------------------------------------------------- choice


def _addresses(source: Source, limits: Limits) -> Iterator[Address]:
    """Every page that goes in, the first one first."""
    if len(source.runs) > 1:
        yield Address()
    for run in source.runs:
        yield Address.of("", run=run.name)
        yield Address.of("scorecard", run=run.name)
        yield from _compared(source, run, limits)
        yield from _sampled(source, run, limits)
    for one in source.datasets:
        yield from _tasks(source, one, limits)


def _paged(address: Address, rows: int) -> Iterator[Address]:
    """The pages of a list."""
    for number in range(1, max(1, -(-rows // PER_PAGE)) + 1):
        yield address.but(page=number if number > 1 else "")


def _compared(source: Source, run: Run, limits: Limits) -> Iterator[Address]:
    """Lists of the tasks that two evaluations have, and those tasks, from both ends."""
    top = Address.of("compare", run=run.name)
    orders = [
        [row["example"] for row in _compare_rows(source, run, order)] for order in ("DESC", "ASC")
    ]
    every = len(orders[0])
    shown = min(every, limits.tasks)
    for order in COMPARE_ORDERS:
        yield from _paged(top.but(sort="" if order == "improved" else order), shown)
    if show := showcase(source, run):
        yield show["address"]
    chosen: dict[str, None] = {}
    for best, worst in zip(*orders, strict=True):
        if len(chosen) >= limits.tasks:
            break
        chosen |= {best: None, worst: None}
    for example in chosen:
        yield Address.of("task", run=run.name, example=example)


def _compare_rows(source: Source, run: Run, order: str) -> list[sqlite3.Row]:
    first, second = pair(run, run, Address())
    return source.index.ask(
        "SELECT a.example FROM evaluated a LEFT JOIN evaluated b ON a.example = b.example"
        " AND b.owner = a.owner AND b.evaluation = ? WHERE a.owner = ? AND a.evaluation = ?"
        f" ORDER BY b.reward - a.reward {order}, a.example",
        (second, run.name, first),
    )


def _sampled(source: Source, run: Run, limits: Limits) -> Iterator[Address]:
    """Lists of groups and rollouts, and the groups that were chosen with all that is in them."""
    chosen = _groups(source, run, limits.rollouts)
    (count,) = source.index.ask(
        "SELECT count(*) AS n, count(DISTINCT step || ' ' || example) AS groups,"
        " count(DISTINCT CASE WHEN mutants THEN example END) AS tasks FROM rollouts"
        " WHERE owner = ?",
        (run.name,),
    )
    most = limits.rollouts
    for order in GROUP_ORDERS:
        top = Address.of("groups", run=run.name, sort="" if order == "step" else order)
        yield from _paged(top, min(count["groups"], most // 2))
    for order in ("", "best", "suspicious"):
        top = Address.of("rollouts", run=run.name, sort=order)
        yield from _paged(top, min(count["n"], most))
    yield from _paged(Address.of("matrix", run=run.name), min(count["tasks"], most // 2))
    for example in dict.fromkeys(example for _, example in chosen):
        yield Address.of("matrix", run=run.name, example=example)
    for step, example in chosen:
        group = Address.of("group", run=run.name, step=step, example=example)
        yield group
        for order in MEMBER_ORDERS:
            if order in ("best", "suspicious"):
                yield group.but(sort=order)
        for row in source.index.ask(
            "SELECT sample FROM rollouts WHERE owner = ? AND step = ? AND example = ?",
            (run.name, step, example),
        ):
            yield rollout_address(run.name, step, example, row["sample"])


def _groups(source: Source, run: Run, most: int) -> list[tuple[int, str]]:
    """Step and task of the chosen groups, in their order."""
    table = (
        "SELECT step, example, count(*) AS n, avg(reward) AS mean, max(suspicion) AS suspicion,"
        " avg(reward * reward) - avg(reward) * avg(reward) AS spread"
        " FROM rollouts WHERE owner = ? GROUP BY step, example"
    )
    by_order = {
        order: source.index.ask(f"{table} ORDER BY {by}", (run.name,))
        for order, (_, by) in GROUP_ORDERS.items()
    }
    every = by_order.pop("step")
    size = max([row["n"] for row in every], default=1)
    room = max(1, most // size)
    ends = [rows[: max(1, room // (2 * ENDS))] for rows in by_order.values()]
    taken = {(row["step"], row["example"]) for rows in ends for row in rows}
    left = max(1, room - len(taken))
    stride = max(1.0, len(every) / left)
    for place in range(min(left, len(every))):
        row = every[int(place * stride)]
        taken.add((row["step"], row["example"]))
    return sorted(taken)


def _tasks(source: Source, one: DatasetFolder, limits: Limits) -> Iterator[Address]:
    if not limits.examples:
        return
    top = Address.of("dataset", dataset=one.name)
    rows = source.index.ask(
        "SELECT id FROM tasks WHERE owner = ? ORDER BY id LIMIT ?", (one.name, limits.examples)
    )
    yield from _paged(top, len(rows))
    for row in rows:
        yield Address.of("example", dataset=one.name, id=row["id"])


def _note(source: Source, limits: Limits) -> str:
    """What is not in the file."""
    told: list[str] = []
    for run in source.runs:
        (count,) = source.index.ask(
            "SELECT count(*) AS n FROM rollouts WHERE owner = ?", (run.name,)
        )
        if count["n"] > limits.rollouts:
            told.append(f"of {count['n']:,} rollouts of {run.name} about {limits.rollouts:,}")
    left = f" It holds {', '.join(told)}; covet inspect shows all." if told else ""
    return f"A copy to read offline.{left}"

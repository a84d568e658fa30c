"""The Dataset page: what the miner made, links and their source, drops and reasons; one task."""

import sqlite3
from collections.abc import Mapping
from typing import Any

from covet.errors import DataError
from covet.inspector.address import Address, Page
from covet.inspector.pages.listing import listing, where
from covet.inspector.pages.rollout import Lines, code_lines
from covet.inspector.pages.samples import start
from covet.inspector.source import DatasetFolder, Source
from covet.records import FunctionExample

ORDERS = {
    "name": ("by name", "id"),
    "missing": ("most uncovered lines first", "missing DESC, id"),
    "tests": ("fewest tests first", "tests, id"),
}
LISTED = 200
"""Of a report's long lists."""


def dataset(source: Source, address: Address) -> Page:
    if not source.datasets:
        raise DataError("no dataset is at hand: name its folder, as in covet inspect RUN TASKS")
    one = source.dataset(address.text("dataset"))
    narrowed, values = _narrowed(one, address)

    def to(row: sqlite3.Row) -> Address:
        return Address.of("example", dataset=one.name, id=row["id"])

    found = listing(
        source,
        f"SELECT * FROM tasks WHERE {narrowed}",
        values,
        order=ORDERS[address.choice("sort", tuple(ORDERS))][1],
        address=address,
        to=to,
    )
    report = one.manifest
    return Page(
        "dataset.html",
        f"Dataset {one.name}",
        {
            **found,
            "one": one,
            "others": [other.name for other in source.datasets if other.name != one.name],
            "facts": _facts(report),
            "tables": _tables(report),
            "lists": _lists(report),
            "splits": _counts(source, one, "split"),
            "evidence": sorted(_mapping(report.get("links"))),
            "orders": {key: told for key, (told, _) in ORDERS.items()},
        },
    )


def _narrowed(one: DatasetFolder, address: Address) -> tuple[str, list[object]]:
    tested = {"": None, "yes": 1, "no": 0}[address.choice("tested", ("", "yes", "no"))]
    return where(
        [
            ("owner = ?", one.name),
            ("split = ?", address.text("split")),
            ("name_holds(id, ?)", address.text("task")),
            ("(' ' || evidence || ' ') LIKE '% ' || ? || ' %'", address.text("evidence")),
            ("(tests > 0) = ?", tested),
        ]
    )


def _counts(source: Source, one: DatasetFolder, column: str) -> list[tuple[str, int]]:
    rows = source.index.ask(
        f"SELECT {column} AS name, count(*) AS n FROM tasks WHERE owner = ? GROUP BY {column}",
        (one.name,),
    )
    return [(row["name"], row["n"]) for row in rows]


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _facts(report: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Numbers and words of the manifest, and of what it tells of the existing suite."""
    plain = {key: value for key, value in report.items() if isinstance(value, (str, int, float))}
    suite = {
        f"suite: {key}": value
        for key, value in _mapping(report.get("suite")).items()
        if isinstance(value, (str, int, float))
    }
    return [
        (key.replace("_", " "), str(value)) for key, value in (plain | suite).items() if value != ""
    ]


def _tables(report: Mapping[str, Any]) -> list[tuple[str, str, list[tuple[str, int]]]]:
    """Counts by name."""
    known = {
        "dropped": ("Left out", "functions that became no task, by reason"),
        "links": ("Links", "between existing tests and functions, by evidence"),
        "files": ("Files", "with tasks, by split"),
        "examples": ("Tasks", "by split"),
    }
    return [
        (title, about, [(name, count) for name, count in found.items() if isinstance(count, int)])
        for key, (title, about) in known.items()
        if (found := _mapping(report.get(key)))
    ]


def _lists(report: Mapping[str, Any]) -> list[tuple[str, int, list[tuple[str, str]]]]:
    """Everything that is told one by one: title, how many, and the first of them with why."""
    suite = _mapping(report.get("suite"))
    found: list[tuple[str, Any]] = [
        ("Could not be read", report.get("unreadable")),
        ("Could not be imported", report.get("not_imported")),
        ("Otherwise than worked out", report.get("differing")),
        ("Unfit tests", report.get("unfit")),
        ("Near copies", report.get("near")),
        ("Places that look like secrets", report.get("secrets")),
        ("Existing tests that fail", suite.get("failing")),
        ("Existing tests that are unstable", suite.get("unstable")),
        ("Test files that were not run", suite.get("not_run")),
    ]
    return [
        (title, len(things), _pairs(things)[:LISTED])
        for title, things in found
        if isinstance(things, (list, dict)) and things
    ]


def _pairs(things: list[Any] | dict[str, Any]) -> list[tuple[str, str]]:
    if isinstance(things, dict):
        return [(str(key), str(value)) for key, value in things.items()]
    return [(_said(one), "") for one in things]


def _said(one: Any) -> str:
    if isinstance(one, dict):
        return ", ".join(f"{key} {value}" for key, value in one.items())
    return ", ".join(map(str, one)) if isinstance(one, list) else str(one)


def example(source: Source, address: Address) -> Page:
    one = source.dataset(address.text("dataset"))
    name = address.text("id")
    found = source.task(one.name, name)
    if found is None:
        raise DataError(f"dataset {one.name} has no task {name!r} that can be read")
    values: dict[str, Any] = {"address": address, "one": one, "task": found}
    values["up"] = Address.of("dataset", dataset=one.name)
    if isinstance(found, FunctionExample):
        code = code_lines(found, Lines(frozenset(), frozenset()))
        values |= {"code_lines": code, "file": start(found.test_file, 40_000)}
    return Page("example.html", name, values)

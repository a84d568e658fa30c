"""One page of a list: a query, what narrows it, an order, and where in it the reader is."""

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from covet.inspector.address import PER_PAGE, Address
from covet.inspector.source import Source

To = Callable[[sqlite3.Row], Address]
"""A row → its page."""


def where(told: Iterable[tuple[str, object]]) -> tuple[str, list[object]]:
    """Conditions with one value each, of which those without a value narrow nothing."""
    given = [(condition, value) for condition, value in told if value not in (None, "")]
    return " AND ".join(["1", *(one for one, _ in given)]), [value for _, value in given]


def listing(
    source: Source,
    table: str,
    values: Sequence[object],
    *,
    order: str,
    address: Address,
    to: To,
) -> dict[str, Any]:
    """What the template of a list asks for; ``table`` is a query of our own making."""
    (total,) = source.index.ask(f"SELECT count(*) AS n FROM ({table})", values)
    rows = source.index.ask(
        f"SELECT * FROM ({table}) ORDER BY {order} LIMIT ? OFFSET ?",
        [*values, PER_PAGE, (address.number - 1) * PER_PAGE],
    )
    pages = -(-total["n"] // PER_PAGE) or 1
    return {"address": address, "rows": rows, "total": total["n"], "pages": pages, "to": to}

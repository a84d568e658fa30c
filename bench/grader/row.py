"""One figure of the report, and the table of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Row:
    """A figure with what it comes from."""

    key: str
    figure: float
    unit: str
    n: int
    of: str
    """What there are ``n`` of."""
    bar: float | None = None
    want: Literal["at least", "at most", ""] = ""
    ours: dict[str, Any] = field(default_factory=dict)
    theirs: dict[str, Any] = field(default_factory=dict)
    details: dict[str, Any] = field(default_factory=dict)

    @property
    def met(self) -> bool | None:
        """None where there is no bar."""
        if self.bar is None:
            return None
        return self.figure >= self.bar if self.want == "at least" else self.figure <= self.bar

    def as_json(self) -> dict[str, Any]:
        return {
            "figure": self.figure,
            "unit": self.unit,
            "n": self.n,
            "of": self.of,
            "bar": self.bar,
            "want": self.want,
            "met": self.met,
            "ours": self.ours,
            "theirs": self.theirs,
            "details": self.details,
        }


def table(rows: Sequence[Row]) -> str:
    """Aligned text; a missed bar is marked."""
    cells = [("", "row", "figure", "bar", "n", "sides")]
    cells += [_cells(row) for row in rows]
    widths = [max(len(line[column]) for line in cells) for column in range(5)]
    return "\n".join(
        "  ".join(
            cell.ljust(width) for cell, width in zip(line, [*widths, 0], strict=True)
        ).rstrip()
        for line in cells
    )


def _cells(row: Row) -> tuple[str, str, str, str, str, str]:
    mark = "" if row.met is not False else "MISSED"
    bar = f"{row.want} {row.bar:g}" if row.bar is not None else ""
    sides = "; ".join(
        f"{name}: " + ", ".join(f"{key} {_short(value)}" for key, value in side.items())
        for name, side in (("covet", row.ours), ("theirs", row.theirs))
        if side
    )
    return (mark, row.key, f"{_short(row.figure)} {row.unit}", bar, f"{row.n} {row.of}", sides)


def _short(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)

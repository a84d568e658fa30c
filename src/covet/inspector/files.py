"""A JSONL file that may still grow → its whole lines, each with its place.

Lines are read one at a time, from any place on, and read again by their place. What follows the
last newline is left for later: it is being written, or a crash tore it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

LONGEST = 1 << 25
"""Bytes of a line; a longer one is passed over."""


@dataclass(frozen=True, slots=True)
class Line:
    """One whole line, or of one that is too long its place alone."""

    start: int
    size: int
    """Bytes, the newline included."""
    data: bytes
    """Empty where it is too long."""


def whole_lines(path: Path, *, start: int = 0) -> Iterator[Line]:
    """Those from the byte ``start`` on, at which a line begins; ``OSError`` where it is gone."""
    with path.open("rb") as file:
        file.seek(start)
        while data := file.readline(LONGEST):
            size, too_long = len(data), False
            while not data.endswith(b"\n"):
                data = file.readline(LONGEST)
                if not data:
                    return
                size, too_long = size + len(data), True
            yield Line(start, size, b"" if too_long else data)
            start += size


def line_at(path: Path, *, start: int, size: int) -> bytes:
    """One line again, or what now stands there."""
    with path.open("rb") as file:
        file.seek(start)
        return file.read(size)

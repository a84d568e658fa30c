"""A JSONL file that may still grow → its whole lines, each with its place.

Lines are read one at a time, from any place on, and read again by their place. What follows the
last newline is left for later: it is being written, or a crash tore it.
"""

import errno
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

LONGEST = 1 << 25
"""Bytes of a line; a longer one is passed over."""
LARGEST = 1 << 26
"""Bytes of a file that is read as a whole."""


@dataclass(frozen=True, slots=True)
class Line:
    """One whole line, or of one that is too long its place alone."""

    start: int
    size: int
    """Bytes, the newline included."""
    data: bytes
    """Empty where it is too long."""


def whole_file(path: Path) -> bytes:
    """``OSError`` where it cannot be read, is no file, or has more than ``LARGEST`` bytes."""
    with _opened(path) as file:
        data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise OSError(errno.EFBIG, f"has more than {LARGEST} bytes", str(path))
    return data


def _opened(path: Path, *, buffering: int = -1) -> IO[bytes]:
    """For reading. ``OSError`` where it is no file: a pipe keeps whoever opens it waiting, and a
    device never ends.
    """
    return open(path, "rb", buffering=buffering, opener=_regular)


def _regular(path: str, flags: int) -> int:
    number = os.open(path, flags | os.O_NONBLOCK)
    if not stat.S_ISREG(os.fstat(number).st_mode):
        os.close(number)
        raise OSError(errno.EINVAL, "is no file", path)
    return number


def whole_lines(path: Path, *, start: int = 0) -> Iterator[Line]:
    """Those from the byte ``start`` on, at which a line begins; ``OSError`` where it is gone."""
    with _opened(path) as file:
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


class Lines:
    """A file's lines by their places; it stays open, for many are asked for."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: IO[bytes] | None = None

    def at(self, start: int, size: int) -> bytes:
        """What now stands there; ``OSError`` where the file cannot be read."""
        if self._file is None:
            self._file = _opened(self._path, buffering=0)
        return os.pread(self._file.fileno(), size, start)

    def close(self) -> None:
        """Until the next line is asked for."""
        if self._file is not None:
            self._file.close()
            self._file = None

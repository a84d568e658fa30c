"""Rollouts, tasks and evaluated tasks by what lists ask of them; the rows stay in their files.

A line's place and a few numbers of it go into a private SQLite database, which spills to a
temporary file that SQLite itself removes; a line is read again when a page shows it. ``catch_up``
reads what was added since, so that a run can be followed while it goes on. Of rows with the same
key the last holds. Thread-safe; nothing is written beside the runs.
"""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from covet.errors import DataError
from covet.inspector.files import Lines, whole_lines
from covet.inspector.rows import EvaluatedHead, RolloutRow, TaskHead, suspicion
from covet.runlog import decode, encode

Kind = Literal["rollouts", "tasks", "evaluated"]
Values = tuple[object, ...]
BATCH, BATCH_BYTES = 500, 1 << 24
"""Lines, and bytes of them, taken in before whoever waits for an answer gets a turn."""

_SCHEMA = """
CREATE TABLE rollouts (
  owner TEXT, step INT, example TEXT, sample INT, status TEXT, reward REAL, advantage REAL,
  tokens INT, version INT, gained INT, killed INT, mutants INT, suspicion REAL, why TEXT,
  file INT, start INT, size INT, PRIMARY KEY (owner, step, example, sample)) WITHOUT ROWID;
CREATE TABLE tasks (
  owner TEXT, id TEXT, kind TEXT, split TEXT, path TEXT, name TEXT, tests INT, evidence TEXT,
  executable INT, missing INT, diff INT, file INT, start INT, size INT,
  PRIMARY KEY (owner, id)) WITHOUT ROWID;
CREATE TABLE evaluated (
  owner TEXT, evaluation TEXT, example TEXT, version INT, split TEXT, path TEXT, policy TEXT,
  samples INT, passes REAL, gained REAL, killed REAL, mutants INT, reward REAL,
  file INT, start INT, size INT, PRIMARY KEY (owner, evaluation, example)) WITHOUT ROWID;
"""


@dataclass(slots=True)
class Followed:
    """A file, and how far it was read."""

    owner: str
    path: Path
    kind: Kind
    lines: Lines
    read: int = 0
    bad: int = 0
    """Lines that cannot be read."""
    seen: int = 0
    """Bytes it had when last looked at."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How much of all files is read."""

    read: int
    size: int
    bad: int

    @property
    def share(self) -> float:
        return self.read / self.size if self.size else 1.0


@dataclass(slots=True)
class Index:
    """The files that are followed, and the database of their lines."""

    _files: list[Followed] = field(default_factory=list)
    _lock: threading.RLock = field(default_factory=threading.RLock)
    _db: sqlite3.Connection = field(
        default_factory=lambda: sqlite3.connect("", check_same_thread=False, isolation_level=None)
    )

    def __post_init__(self) -> None:
        self._db.row_factory = sqlite3.Row
        self._db.executescript("PRAGMA cache_size = -65536; PRAGMA synchronous = OFF;" + _SCHEMA)
        self._db.create_function("holds", 4, self._holds)
        self._db.create_function("name_holds", 2, _name_holds, deterministic=True)

    def close(self) -> None:
        with self._lock:
            self._db.close()
            for one in self._files:
                one.lines.close()

    # ------------------------------------------------------------------------- following

    def follow(self, owner: str, path: Path, kind: Kind) -> None:
        """From now on; the file need not be there yet."""
        with self._lock:
            if not any(one.owner == owner and one.path == path for one in self._files):
                self._files.append(Followed(owner, path, kind, Lines(path)))

    def catch_up(self, *, until: Callable[[], bool] = lambda: False) -> None:
        """Read what the files hold now, or until it is told to stop."""
        for number in range(len(self._files)):
            self._catch_up(number, until)

    def _catch_up(self, number: int, until: Callable[[], bool]) -> None:
        one = self._files[number]
        try:
            one.seen = one.path.stat().st_size
            if one.seen < one.read:  # it was replaced
                with self._lock:
                    self._db.execute(f"DELETE FROM {one.kind} WHERE file = ?", (number,))
                    one.lines.close()
                one.read = one.bad = 0
            if one.seen == one.read:
                return
            batch: list[Values] = []
            held = 0
            for line in whole_lines(one.path, start=one.read):
                batch.append((number, line.start, line.size, line.data))
                held += len(line.data)
                if len(batch) == BATCH or held > BATCH_BYTES:
                    self._take(one, batch)
                    batch = []
                    held = 0
                    if until():
                        return
                    time.sleep(0)  # who waits for an answer comes first
            self._take(one, batch)
        except OSError:
            return  # not there yet, or gone: there is nothing to read

    def _take(self, one: Followed, batch: Sequence[Values]) -> None:
        make = _MAKERS[one.kind]
        rows: list[Values] = []
        for number, start, size, data in batch:
            line = data if isinstance(data, bytes) else b""
            if not line.strip():
                one.bad += not line
                continue
            try:
                rows.append((one.owner, *make(line, one.path), number, start, size))
            except DataError:
                one.bad += 1
        with self._lock:
            if rows:
                marks = ",".join("?" * len(rows[0]))
                self._db.execute("BEGIN")
                self._db.executemany(f"INSERT OR REPLACE INTO {one.kind} VALUES ({marks})", rows)
                self._db.execute("COMMIT")
            if batch:
                _, start, size, _ = batch[-1]
                one.read = int(str(start)) + int(str(size))

    def progress(self, owner: str = "") -> Progress:
        """Of one owner's files, or of all."""
        files = [one for one in self._files if not owner or one.owner == owner]
        return Progress(
            sum(one.read for one in files),
            sum(max(one.seen, one.read) for one in files),
            sum(one.bad for one in files),
        )

    def stamp(self) -> str:
        """Changes whenever a file has grown."""
        return ".".join(str(one.read) for one in self._files)

    # ---------------------------------------------------------------------------- asking

    def ask(self, query: str, values: Iterable[object] = ()) -> list[sqlite3.Row]:
        with self._lock:
            return self._db.execute(query, tuple(values)).fetchall()

    def line(self, row: sqlite3.Row) -> bytes:
        """The line that a row was made from."""
        return self._line(row["file"], row["start"], row["size"])

    def _line(self, number: int, start: int, size: int) -> bytes:
        try:
            with self._lock:
                return self._files[number].lines.at(start, size)
        except OSError as error:
            path = self._files[number].path
            raise DataError(f"{path}: cannot be read any more ({error.strerror})") from error

    def _holds(self, number: int, start: int, size: int, text: str) -> bool:
        """Whether a rollout's completion or what went wrong holds the text, in any case."""
        wanted = text.casefold()
        line = self._line(number, start, size)
        if text.isascii() and encode(wanted)[1:-1] not in line.lower():
            return False
        row = decode(line, RolloutRow)
        return wanted in row.completion.casefold() or wanted in row.detail.casefold()


def _name_holds(name: str, text: str) -> bool:
    return text.casefold() in name.casefold()


# ----------------------------------------------------------------------------------- lines


def _rollout(line: bytes, path: Path) -> Values:
    del path
    row = decode(line, RolloutRow)
    doubt, why = suspicion(row)
    return (
        row.step, row.example_id, row.sample, row.status, row.reward, row.advantage, row.tokens,
        row.version, row.gained_lines, row.killed, row.mutants, doubt, "\n".join(why),
    )  # fmt: skip


def _task(line: bytes, path: Path) -> Values:
    row = decode(line, TaskHead)
    function = row.function
    evidence = {one for test in row.tests for one in test.evidence}
    executable = {*row.executable.lines}
    missing = executable - {*row.baseline.lines}
    return (
        row.id, row.kind, row.split or path.stem, function.path,
        function.qualname or row.id, len(row.tests), " ".join(sorted(evidence)),
        len(executable), len(missing), bool(row.diff),
    )  # fmt: skip


def _evaluated(line: bytes, path: Path) -> Values:
    row = decode(line, EvaluatedHead)
    known = [one for one in row.samples if one.status != "infrastructure"]

    def mean(values: Iterable[float]) -> float | None:
        return sum(values) / len(known) if known else None

    killed = {one for sample in known for one in sample.killed}
    return (
        path.stem, row.example_id, row.version, row.split, row.path, row.policy, len(known),
        mean(sample.status == "ok" for sample in known), mean(len(s.gained) for s in known),
        len(killed) / len(row.mutants) if known and row.mutants else None, len(row.mutants),
        mean(sample.reward for sample in known),
    )  # fmt: skip


_MAKERS: dict[Kind, Callable[[bytes, Path], Values]] = {
    "rollouts": _rollout,
    "tasks": _task,
    "evaluated": _evaluated,
}

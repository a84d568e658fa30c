"""The run directory: what a run leaves behind, readable while it goes on.

``runs/<name>/`` holds ``covet.toml`` (as resolved), ``manifest.json``, ``metrics.jsonl``,
``rollouts.jsonl``, ``checkpoints/``, ``scorecard.json`` and ``report.html``. JSONL files are only
ever appended to, one whole line at a time; other files are replaced whole. So a crash at any
byte leaves at most one torn last line, which ``read_jsonl`` passes over and the next append takes
the place of. A resumed run may append again what it had written before: readers keep the last row
of a key. One process holds a run at a time.

Records become JSON by ``encode`` and come back by ``decode``, checked against their type.
"""

import fcntl
import gzip
import os
import platform
import sys
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any, TypeVar, cast

import msgspec

import covet
from covet.errors import DataError, UsageError

T = TypeVar("T")
FURTHER = "process-"
"""Begins the name of the folder that a further process of a run has in it."""


def encode(record: object) -> bytes:
    """One line of JSON without its newline; equal records give equal bytes.

    Half a surrogate pair, which no UTF-8 can hold, is written as its escape.
    """
    try:
        return msgspec.json.encode(record, order="deterministic")
    except UnicodeEncodeError:
        plain = _without_surrogates(msgspec.to_builtins(record, order="deterministic"))
        return msgspec.json.encode(plain, order="deterministic")


def _without_surrogates(value: object) -> object:
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode("utf-8")
    if isinstance(value, dict):
        pairs = cast("dict[object, object]", value).items()
        return {_without_surrogates(key): _without_surrogates(item) for key, item in pairs}
    if isinstance(value, (list, tuple)):
        return [_without_surrogates(item) for item in cast("Sequence[object]", value)]
    return value


def decode(line: bytes, kind: type[T]) -> T:
    """The record on one line; ``DataError`` where it is not of that kind."""
    try:
        return msgspec.json.decode(line, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise DataError(f"not a {kind.__name__}: {error}") from error


def unzipped(path: Path) -> bytes:
    """All of a file that others made, gzipped where its name ends in ``.gz``; ``DataError`` says
    why it cannot be read.
    """
    try:
        data = path.read_bytes()
        return gzip.decompress(data) if path.suffix == ".gz" else data
    except (OSError, EOFError, zlib.error) as error:
        why = getattr(error, "strerror", None) or error
        raise DataError(f"{path}: cannot be read: {why}") from error


def read_jsonl(path: Path, kind: type[T]) -> Iterator[T]:
    """Every whole row of a file; a torn last line is passed over, any other bad line is an
    error that names it.
    """
    try:
        lines = path.read_bytes().split(b"\n")
    except OSError as error:
        raise DataError(f"{path}: cannot be read ({error.strerror})") from error
    lines.pop()  # what follows the last newline: nothing, or a torn line
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            yield decode(line, kind)
        except DataError as error:
            raise DataError(f"{path}, line {number}: {error}") from error


def append_jsonl(path: Path, record: object) -> None:
    """Add one row, in the place of a torn line if a crash left one.

    What is written survives a kill of this process.
    """
    with path.open("ab+") as file:
        _drop_torn_line(file)
        file.write(encode(record) + b"\n")
        file.flush()


def _drop_torn_line(file: IO[bytes]) -> None:
    end = file.seek(0, os.SEEK_END)
    if not end:
        return
    file.seek(end - 1)
    if file.read(1) != b"\n":
        file.seek(0)
        file.truncate(file.read().rfind(b"\n") + 1)


def write_whole(path: Path, data: bytes) -> None:
    """Replace a file so that a reader sees the old or the new one, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def user_cache(name: str) -> Path:
    """A folder for what is kept between runs, in the user's cache folder; it need not be there."""
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return home / "covet" / name


class RunLog:
    """One run's directory, held by this process until ``close``."""

    def __init__(self, root: Path, *, lock: IO[bytes]) -> None:
        self.root = root
        self._lock = lock

    @classmethod
    def create(cls, root: Path, settings: str, *, extra: dict[str, Any]) -> "RunLog":
        """A new run of these settings (TOML); ``UsageError`` where the folder holds one. One that
        ended before it did anything, over a wrong setting as a rule, is replaced.
        """
        root.mkdir(parents=True, exist_ok=True)
        log = cls(root, lock=hold(root))
        if (root / "manifest.json").exists() and has_begun(root):
            log.close()
            raise UsageError(f"{root}: a run is already there; add --resume, or name another --out")
        write_whole(root / "covet.toml", settings.encode())
        write_whole(root / "manifest.json", encode(_manifest() | extra) + b"\n")
        return log

    @classmethod
    def reopen(cls, root: Path) -> "RunLog":
        """The run that an earlier process left; ``UsageError`` where there is none."""
        if not (root / "manifest.json").exists():
            raise UsageError(f"{root}: no run to resume there; leave --resume away to start one")
        return cls(root, lock=hold(root))

    @classmethod
    def further(cls, root: Path, number: int) -> "RunLog":
        """What a further process of the run at ``root`` leaves: in a folder of its own there."""
        folder = root / f"{FURTHER}{number}"
        folder.mkdir(exist_ok=True)
        return cls(folder, lock=hold(folder))

    def close(self) -> None:
        self._lock.close()

    @property
    def manifest(self) -> dict[str, Any]:
        return decode((self.root / "manifest.json").read_bytes(), dict[str, Any])

    def metrics(self, row: dict[str, Any]) -> None:
        append_jsonl(self.root / "metrics.jsonl", row)

    def rollouts(self, row: dict[str, Any]) -> None:
        append_jsonl(self.root / "rollouts.jsonl", row)

    def write(self, name: str, record: object) -> Path:
        """A JSON file of the run, such as ``scorecard.json``."""
        path = self.root / name
        write_whole(path, msgspec.json.format(encode(record), indent=2) + b"\n")
        return path


def hold(root: Path) -> IO[bytes]:
    """The folder's lock, until it is closed; ``UsageError`` where another process has it."""
    file = (root / ".lock").open("ab")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        file.close()
        raise UsageError(f"{root}: another process is writing there; wait for it") from error
    return file


def has_begun(root: Path) -> bool:
    """Whether a run has left more than what ``create`` writes, and logs of servers."""
    bare = {"covet.toml", "manifest.json", ".lock"}
    return any(
        path.name not in bare and path.suffix != ".log" and not path.name.startswith(FURTHER)
        for path in root.iterdir()
    )


def _manifest() -> dict[str, Any]:
    return {
        "covet": covet.__version__,
        "python": platform.python_version(),
        "platform": platform.platform(),
        "processors": os.cpu_count(),
        "command": sys.argv[1:],
    }

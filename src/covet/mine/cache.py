"""What the tests of a file showed, kept as long as nothing that they can depend on has changed.

A file's runs are known by the text of the file and of every source file of which its tests entered
a function, and by what all of the codebase does while it is imported: its other text, without the
bodies of functions, every ``conftest.py`` and the settings of pytest, and the interpreter. Files of
other kinds that tests read are not seen: ``mine.cache = false`` runs everything.
"""

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import covet
from covet.errors import DataError
from covet.languages.base import Language
from covet.mine.functions import Files, SourceFile
from covet.records import Verdict
from covet.runlog import decode, encode
from covet.sandbox.base import Ran

_SETTINGS = ("pytest.ini", "pyproject.toml", "setup.cfg", "tox.ini", "covet.toml")


@dataclass(slots=True)
class FileRun:
    """One run of the tests of one file."""

    verdicts: dict[str, Verdict] = field(default_factory=dict)
    """By pytest id."""
    ran: list[Ran] = field(default_factory=list)


@dataclass(slots=True)
class Kept:
    """Two runs of the tests of one file."""

    first: FileRun = field(default_factory=FileRun)
    second: FileRun = field(default_factory=FileRun)

    @property
    def both(self) -> tuple[FileRun, FileRun]:
        return self.first, self.second


@dataclass(frozen=True, slots=True)
class _Entry:
    text: str
    """Digest of the test file."""
    bodies: dict[str, str]
    """Digests of the source files whose functions its tests entered."""
    runs: Kept


@dataclass(frozen=True, slots=True)
class _Store:
    base: str
    files: dict[str, _Entry]


class Cache:
    """Of one codebase."""

    def __init__(self, place: Path, root: Path, language: Language, *, also: str) -> None:
        """``also``: what else the runs depend on: the interpreter, limits."""
        self._place = place
        self._root = root
        self._language = language
        self._also = also

    def known(self, files: Files) -> dict[str, Kept]:
        """By test file: what was kept of those that would show the same."""
        store = self._read()
        if store is None or store.base != self._base(files):
            return {}
        texts = {source.path: _digest(source.text) for source in files.sources}
        found: dict[str, Kept] = {}
        for test in files.tests:
            entry = store.files.get(test.path)
            if entry is None or entry.text != _digest(test.text):
                continue
            if all(texts.get(path) == digest for path, digest in entry.bodies.items()):
                found[test.path] = entry.runs
        return found

    def keep(self, files: Files, runs: Mapping[str, Kept]) -> None:
        texts = {source.path: _digest(source.text) for source in files.sources}
        entries = {
            test.path: _Entry(
                _digest(test.text),
                {path: texts[path] for path in sorted(_entered(runs[test.path])) if path in texts},
                runs[test.path],
            )
            for test in files.tests
            if test.path in runs
        }
        data = encode(_Store(self._base(files), entries))
        part = self._place.with_suffix(f".{os.getpid()}.part")
        try:
            self._place.parent.mkdir(parents=True, exist_ok=True)
            part.write_bytes(data)
            part.replace(self._place)
        except OSError:
            part.unlink(missing_ok=True)  # it is kept for speed alone

    def _read(self) -> _Store | None:
        try:
            return decode(self._place.read_bytes(), _Store)
        except (OSError, DataError):
            return None

    def _base(self, files: Files) -> str:
        parts = [covet.__version__, self._also]
        for source in files.sources:
            parts += [source.path, _without_bodies(source, self._language)]
        for path in sorted(self._root.rglob("conftest.py")):
            parts += [str(path), path.read_text(encoding="utf-8", errors="replace")]
        for name in _SETTINGS:
            path = self._root / name
            parts.append(
                path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
            )
        return _digest("\0".join(parts))


def _without_bodies(source: SourceFile, language: Language) -> str:
    """What of a file runs when it is imported, with the headers of its functions."""
    inside: set[int] = set()
    for function in source.functions:
        lines = language.executable_lines(source.text, function.span)
        if lines:
            inside.update(range(min(lines), function.span.last_line + 1))
    kept = (line for number, line in enumerate(source.text.split("\n"), 1) if number not in inside)
    return "\n".join(kept)


def _entered(kept: Kept) -> set[str]:
    return {
        path for run in kept.both for ran in run.ran for path, _ in (*ran.direct, *ran.indirect)
    }


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()

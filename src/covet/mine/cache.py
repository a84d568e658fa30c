"""What the tests of a file showed, kept as long as nothing that they can depend on has changed;
and what else was found out about it (``Answers``).

A file's runs are known by the text of the file and of every source file of which its tests entered
a function, and by what all of the codebase does while it is imported: its text, without the bodies
of functions that importing does not call, all other Python files, such as ``conftest.py`` and what
helps tests, the settings of pytest, and how tests are run. Files of other kinds that tests read are
not seen: ``mine.cache = false`` runs everything.
"""

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import covet
from covet.errors import DataError
from covet.languages.base import Language
from covet.mine.functions import Files, SourceFile, python_paths
from covet.records import Coverage, Verdict
from covet.runlog import decode, encode, write_whole
from covet.sandbox.base import Ran

T = TypeVar("T")
_SETTINGS = ("pytest.ini", "pyproject.toml", "setup.cfg", "tox.ini", "covet.toml")


@dataclass(slots=True)
class FileRun:
    """One run of the tests of one file; of the file ``""``: what collecting ran elsewhere."""

    verdicts: dict[str, Verdict] = field(default_factory=dict)
    """By pytest id."""
    ran: list[Ran] = field(default_factory=list)
    """Without what importing the codebase covers."""
    said: dict[str, str] = field(default_factory=dict)
    """What the first test that did not pass said, in a line; by its pytest id."""


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

    def __init__(
        self, place: Path, root: Path, language: Language, *, within: str = "", also: str
    ) -> None:
        """``also``: what else the runs depend on: the interpreter, limits."""
        self._place = place
        self._root = root
        self._within = within
        self._language = language
        self._also = also
        self._base = ""
        """Of the last question."""

    def known(self, files: Files, imported: Mapping[str, Coverage]) -> dict[str, Kept]:
        """By test file: what was kept of those that would show the same."""
        store = self._read()
        self._base = self.base(files, imported)
        if store is None or store.base != self._base:
            return {}
        texts = {source.path: _digest(source.text) for source in files.sources}
        tests = {"": "", **{test.path: test.text for test in files.tests}}
        found = {
            path: entry.runs
            for path, entry in store.files.items()
            if path in tests
            and entry.text == _digest(tests[path])
            and all(texts.get(path) == digest for path, digest in entry.bodies.items())
        }
        return found if "" in found else {}

    def keep(self, files: Files, runs: Mapping[str, Kept]) -> None:
        """For the codebase as it was when ``known`` was asked."""
        texts = {source.path: _digest(source.text) for source in files.sources}
        tests = {"": "", **{test.path: test.text for test in files.tests}}
        entries = {
            path: _Entry(
                _digest(text),
                {source: texts[source] for source in sorted(_entered(runs[path]) & set(texts))},
                runs[path],
            )
            for path, text in tests.items()
            if path in runs
        }
        _write(self._place, encode(_Store(self._base, entries)))

    def answers(self, files: Files, imported: Mapping[str, Coverage]) -> "Answers":
        """What was found out about the codebase while all of that was in force."""
        return Answers(self._place.with_suffix(".answers.json"), self.base(files, imported))

    def _read(self) -> _Store | None:
        try:
            return decode(self._place.read_bytes(), _Store)
        except (OSError, DataError):
            return None

    def base(self, files: Files, imported: Mapping[str, Coverage]) -> str:
        """A digest of all that is in force in every run."""
        parts = [covet.__version__, self._also]
        for source in files.sources:
            called = imported.get(source.path, Coverage()).lines
            parts += [source.path, _without_bodies(source, called, self._language)]
        known = {file.path for file in (*files.sources, *files.tests)}
        others = [*python_paths(self._root, within=self._within), *_SETTINGS]
        for path in others:
            if path not in known:
                parts += [path, _text(self._root / path)]
        return _digest("\0".join(parts))


class Answers:
    """By all that an answer depends on. Those that were not asked for again are forgotten."""

    def __init__(self, place: Path | None = None, base: str = "") -> None:
        """Without a place nothing is known, and nothing kept."""
        self._place = place
        self._base = base
        self._known: dict[str, str] = {}
        if place is not None:
            with suppress(OSError, DataError):
                self._known = decode(place.read_bytes(), dict[str, str])
        self._asked: dict[str, str] = {}

    def get(self, kind: type[T], make: Callable[[], T], *content: object) -> T:
        """What was found for that content, or what ``make`` finds now."""
        found = self.known(kind, *content)
        if found is None:
            found = make()
            self.put(found, *content)
        return found

    def known(self, kind: type[T], *content: object) -> T | None:
        """What was found for that content, if anything was."""
        if not self._known:
            return None
        key = self._key(content)
        with suppress(DataError, KeyError):
            found = decode(self._known[key].encode(), kind)
            self._asked[key] = self._known[key]
            return found
        return None

    def put(self, found: object, *content: object) -> None:
        """What was found for that content now."""
        if self._place is not None:
            self._asked[self._key(content)] = encode(found).decode()

    def _key(self, content: Iterable[object]) -> str:
        return _digest("\0".join([self._base, *map(_text_of, content)]))

    def keep(self, *, ended: bool = True) -> None:
        """``ended``: all was asked for that ever will be."""
        if self._place is not None:
            _write(self._place, encode(self._asked if ended else self._known | self._asked))


def _text_of(content: object) -> str:
    return content if isinstance(content, str) else encode(content).decode()


def _write(place: Path, data: bytes) -> None:
    with suppress(OSError):  # it is kept for speed alone
        write_whole(place, data)


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""


def _without_bodies(source: SourceFile, called: Collection[int], language: Language) -> str:
    """What of a file runs when it is imported, with the headers of its functions."""
    inside: set[int] = set()
    for function in source.functions:
        lines = language.executable_lines(source.text, function.span)
        if lines and lines.isdisjoint(called):
            inside.update(range(min(lines), function.span.last_line + 1))
    kept = (line for number, line in enumerate(source.text.split("\n"), 1) if number not in inside)
    return "\n".join(kept)


def _entered(kept: Kept) -> set[str]:
    return {
        path for run in kept.both for ran in run.ran for path, _ in (*ran.direct, *ran.indirect)
    }


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()

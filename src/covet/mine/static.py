"""Which tests refer to which function, as a language server finds it: links without running.

::

    copy      the files that matter, with a set-up of our own and the types that running showed
    ask       the server, for every use of every function
    follow    from a use to the tests: what it stands in, and who uses that

A reference is no proof: a test may name what it never runs. Calls through values whose type no
reader of the text can know are missed.
"""

import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Literal

from covet.languages.base import Definition, Language
from covet.mine.collected import Collected, TestKey
from covet.mine.functions import Files, SourceFile, TestFile, read_text
from covet.mine.links import FunctionKey
from covet.mine.lsp import LanguageServer, Position

_HOPS = 3
"""Most helpers followed from a use to a test."""
_TURNS = 4
"""Most classes that inherit one test which are looked at by themselves; each costs a run of the
server."""

_BUDGET_S = 60
"""Wall time after which no further class is looked at."""

ServerName = Literal["pyrefly", "ty"]


def static_links(
    root: Path,
    files: Files,
    collected: Sequence[Collected],
    *,
    language: Language,
    server: ServerName,
    without: Collection[str] = (),
    on_progress: Callable[[str], None] = lambda _: None,
) -> dict[FunctionKey, frozenset[TestKey]]:
    """The tests that refer to each function, themselves or through what they use.

    ``without``: paths of files beside the tests which these do not use.
    ``files`` are as they were read, so that the lines in ``collected`` are theirs. Functions that
    no test refers to are left out. Writes nothing below ``root``. Raises ``EnvironmentNotReady``
    where the server is not installed, and ``CodebaseError`` where it fails.
    """
    copy = _copy(root, files, without, language=language)
    functions = sum(len(source.functions) for source in files.sources)
    on_progress(f"asking {server} for the uses of {functions} functions")
    links: dict[FunctionKey, set[TestKey]] = defaultdict(set)
    heirs = _heirs(copy, collected)
    methods = tuple(_methods(source) for source in files.sources)
    started = time.monotonic()
    for tests in (collected, *_turns(heirs)):
        is_first = tests is collected
        if time.monotonic() - started > _BUDGET_S:
            on_progress(f"{server} is slow here; inherited tests are looked at in one class alone")
            break
        receivers = {} if is_first else _receivers(copy, tests, heirs)
        shown = _with_types(copy, _types(tests, receivers))
        sources = files.sources if is_first else methods
        for key, found in _links(sources, tests, shown, server=server).items():
            links[key] |= found
    return {key: frozenset(tests) for key, tests in links.items()}


def _methods(source: SourceFile) -> SourceFile:
    """A file with only those functions whose uses depend on the type of an object."""
    return replace(source, functions=tuple(f for f in source.functions if "." in f.qualname))


def _links(
    sources: Sequence[SourceFile],
    collected: Sequence[Collected],
    copy: "_Copy",
    *,
    server: ServerName,
) -> dict[FunctionKey, set[TestKey]]:
    """As one run of the server sees it."""
    suite = _Suite(copy, collected)
    setup = copy.language.server(server, search_path=copy.search_path)
    with tempfile.TemporaryDirectory(prefix="covet-static-") as folder:
        for path, text in {**copy.texts, **setup.files}.items():
            file = Path(folder, path)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8", newline="")
        with LanguageServer(setup.command, Path(folder), settings=setup.settings) as running:
            asked = _Asked(running, copy)
            return _followed(_uses(sources, asked, suite), asked, suite)


# ------------------------------------------------------------------------- inherited tests

_Place = tuple[str, int]
"""A file and the first line of a function in it."""


def _heirs(copy: "_Copy", collected: Sequence[Collected]) -> dict[Collected, str]:
    """The tests that a class inherits → the class that they stand in, as a qualname."""
    found: dict[Collected, str] = {}
    for test in collected:
        path, qualname = test.test
        name = copy.function_names(test.path).get(test.line, qualname)
        if (test.path, name) != (path, qualname) and "." in qualname and path in copy.modules:
            found[test] = name.rpartition(".")[0]
    return found


def _turns(heirs: Iterable[Collected]) -> list[list[Collected]]:
    """The inherited tests, parted so that code stands for one class at a time: what a test's own
    object holds may be of another type in each.
    """
    turns: list[list[Collected]] = []
    times: Counter[_Place] = Counter()
    for test in heirs:
        turn = times[test.path, test.line]
        times[test.path, test.line] += 1
        if turn < _TURNS:
            turns.extend([] for _ in range(turn + 1 - len(turns)))
            turns[turn].append(test)
    return turns


def _receivers(
    copy: "_Copy", tests: Sequence[Collected], heirs: Mapping[Collected, str]
) -> dict[_Place, str]:
    """``module:qualname`` of an inheriting class, by the functions of the class inherited from."""
    found: dict[_Place, str] = {}
    for test in tests:
        path, qualname = test.test
        kind = f"{copy.modules[path]}:{qualname.rpartition('.')[0]}"
        for line, name in copy.function_names(test.path).items():
            if name.rpartition(".")[0] == heirs[test]:
                found.setdefault((test.path, line), kind)
        found[test.path, test.line] = kind
    return found


# ------------------------------------------------------------------------------- the copy


@dataclass(frozen=True, slots=True)
class _Copy:
    """What the server is shown."""

    language: Language
    texts: Mapping[str, str]
    """By path."""
    helping: frozenset[str]
    """Files that hold tests, or what tests use."""
    modules: Mapping[str, str]
    """The module of each file of tests, by path."""
    search_path: tuple[str, ...]

    def definitions(self, path: str) -> tuple[Definition, ...]:
        """None where it cannot be parsed."""
        with suppress(SyntaxError):
            return self.language.definitions(self.texts.get(path, ""))
        return ()

    def function_names(self, path: str) -> dict[int, str]:
        """The qualnames of its functions by first line."""
        return {
            definition.span.first_line: definition.qualname
            for definition in self.definitions(path)
            if definition.role in {"function", "setup"}
        }


def _copy(root: Path, files: Files, without: Collection[str], *, language: Language) -> _Copy:
    texts = {file.path: file.text for file in (*files.sources, *files.tests)}
    around = _around(root, files.tests, language=language)
    _add(texts, root, (path for path in around if path not in without))
    helping = frozenset(texts) - {source.path for source in files.sources}
    folders = {folder for path in texts for folder in PurePosixPath(path).parents}
    _add(texts, root, sorted((folder / "__init__.py").as_posix() for folder in folders))
    homes = [_home(file) for file in (*files.sources, *files.tests)]
    beside = [PurePosixPath(file.path).parent.as_posix() for file in files.tests]
    return _Copy(
        language,
        texts,
        helping,
        {file.path: file.module for file in files.tests},
        tuple(dict.fromkeys([*homes, *beside])),
    )


def _with_types(copy: _Copy, types: Mapping[str, Mapping[tuple[int, str], Sequence[str]]]) -> _Copy:
    texts = dict(copy.texts)
    for path in sorted(copy.helping & types.keys()):
        with suppress(SyntaxError):
            texts[path] = copy.language.with_types(texts[path], types[path])
    return replace(copy, texts=texts)


def _add(texts: dict[str, str], root: Path, paths: Iterable[str]) -> None:
    """Read those of the files that are there and can be read."""
    for path in paths:
        if path not in texts:
            with suppress(OSError, SyntaxError, UnicodeDecodeError):
                texts[path] = read_text(root / path)


def _around(root: Path, tests: Sequence[TestFile], *, language: Language) -> Iterator[str]:
    """The files beside tests, and those above that the runner reads with them."""
    folders = {PurePosixPath(file.path).parent for file in tests}
    for folder in sorted(folders):
        for file in sorted((root / folder).iterdir()):
            path = (folder / file.name).as_posix()
            if language.is_source(path):
                yield path
    yield from sorted({path for file in tests for path in language.read_before(file.path)})


def _home(file: SourceFile | TestFile) -> str:
    """The folder that the file is imported from."""
    parts = PurePosixPath(file.path).with_suffix("").parts
    if parts[-1] == "__init__":
        parts = parts[:-1]
    return "/".join(parts[: len(parts) - len(file.module.split("."))]) or "."


def _types(
    collected: Sequence[Collected], receivers: Mapping[_Place, str]
) -> Mapping[str, Mapping[tuple[int, str], list[str]]]:
    """Path → what ``Language.with_types`` takes: what fixtures gave, and what tests belong to."""
    found: dict[str, dict[tuple[int, str], list[str]]] = defaultdict(lambda: defaultdict(list))
    for (path, line), kind in receivers.items():
        found[path][line, ""].append(_seen_from(path, kind))
    for test in collected:
        places = {(test.path, test.line)}
        places |= {(each.path, each.line) for each in test.fixtures if each.path}
        for fixture in test.fixtures:
            for path, line in places if fixture.gave else ():
                kind = _seen_from(path, fixture.gave)
                known = found[path][line, fixture.name]
                if kind not in known:
                    known.append(kind)
    return found


def _seen_from(path: str, kind: str) -> str:
    """``module:qualname``, without the module where it is the file's own under whatever name."""
    module, _, qualname = kind.partition(":")
    own = PurePosixPath(path).with_suffix("").parts
    parts = tuple(module.split("."))
    return f":{qualname}" if own[-len(parts) :] == parts else kind


# -------------------------------------------------------------------------------- the uses


class _Asked:
    """The server, with the files that were opened in it."""

    def __init__(self, server: LanguageServer, copy: _Copy) -> None:
        self._server = server
        self._copy = copy
        self._opened: set[str] = set()

    def references(self, places: Sequence[Position]) -> list[list[Position]]:
        """Those that tests, or what they use, make."""
        self._open(places)
        found = self._server.references(places)
        return [[use for use in uses if use.path in self._copy.helping] for uses in found]

    def definitions(self, places: Sequence[Position]) -> list[list[Position]]:
        self._open(places)
        return self._server.definitions(places)

    def _open(self, places: Sequence[Position]) -> None:
        paths = dict.fromkeys(place.path for place in places if place.path not in self._opened)
        self._opened.update(paths)
        texts = {path: self._copy.texts[path] for path in paths}
        self._server.open(texts, language=self._copy.language.name)


def _uses(
    sources: Sequence[SourceFile], asked: _Asked, suite: "_Suite"
) -> dict[FunctionKey, set[Position]]:
    """Where tests, and what they use, refer to each function."""
    wanted = {(source.path, each.qualname) for source in sources for each in source.functions}
    names = [
        ((source.path, definition.qualname), _at(source.path, definition))
        for source in sources
        for definition in suite.definitions(source.path)
        if (source.path, definition.qualname) in wanted
    ]
    uses: dict[FunctionKey, set[Position]] = defaultdict(set)
    for (key, _), found in zip(names, asked.references([at for _, at in names]), strict=True):
        uses[key].update(found)
    _settle(uses, names, asked)
    return uses


def _settle(
    uses: Mapping[FunctionKey, set[Position]],
    names: Sequence[tuple[FunctionKey, Position]],
    asked: _Asked,
) -> None:
    """Take a use from the functions that it does not mean, where it was given to several.

    A server counts the uses of a method that overrides another among those of the other; asked
    what a use means, it tells them apart.
    """
    claims: dict[Position, list[FunctionKey]] = defaultdict(list)
    for key, places in uses.items():
        for place in places:
            claims[place].append(key)
    shared = [place for place, keys in claims.items() if len(keys) > 1]
    key_at = {(at.path, at.line): key for key, at in names}
    for place, meant in zip(shared, asked.definitions(shared), strict=True):
        keys = {key_at[at.path, at.line] for at in meant if (at.path, at.line) in key_at}
        if keys.intersection(claims[place]):
            for key in set(claims[place]) - keys:
                uses[key].discard(place)


def _at(path: str, definition: Definition) -> Position:
    return Position(path, definition.line, definition.column)


# --------------------------------------------------------------------------------- the tests


def _followed(
    uses: Mapping[FunctionKey, set[Position]], asked: _Asked, suite: "_Suite"
) -> dict[FunctionKey, set[TestKey]]:
    """The tests that each use leads to, through at most ``_HOPS`` helpers."""
    helpers = {key: suite.all_around(places) for key, places in uses.items()}
    onward: dict[_Helper, frozenset[_Helper]] = {}
    waiting = frozenset[_Helper]().union(*helpers.values())
    for _ in range(_HOPS):
        asking = [helper for helper in waiting - onward.keys() if not suite.is_run(helper)]
        found = asked.references([_at(*suite.subject(helper)) for helper in asking])
        for helper, places in zip(asking, found, strict=True):
            onward[helper] = suite.all_around(places)
        waiting = frozenset[_Helper]().union(*(onward[helper] for helper in asking))
    links: dict[FunctionKey, set[TestKey]] = {}
    for key, reached in helpers.items():
        for _ in range(_HOPS):
            reached = reached.union(*(onward.get(helper, ()) for helper in reached))
        tests = {test for helper in reached for test in suite.tests_of(helper)}
        if tests:
            links[key] = tests
    return links


_Helper = tuple[str, Definition]
"""Something in a file that holds tests or what they use: a test itself, or what it may use."""


class _Suite:
    """What the runner and the text know of tests and of what they use."""

    def __init__(self, copy: _Copy, collected: Sequence[Collected]) -> None:
        self._copy = copy
        self._definitions: dict[str, tuple[Definition, ...]] = {}
        self._collected = collected
        self._run: dict[tuple[str, int], set[TestKey]] = defaultdict(set)
        """By file and first line of the functions that the runner itself calls."""
        for test in collected:
            self._run[test.path, test.line].add(test.test)
            for fixture in test.fixtures:
                self._run[fixture.path, fixture.line].add(test.test)

    def definitions(self, path: str) -> tuple[Definition, ...]:
        if path not in self._definitions:
            self._definitions[path] = self._copy.definitions(path)
        return self._definitions[path]

    def all_around(self, places: Iterable[Position]) -> frozenset[_Helper]:
        """The innermost function or value that each place stands in, if it is in any: what runs
        by itself when its file is imported is no test's.
        """
        found: set[_Helper] = set()
        for place in places:
            around = [
                each
                for each in self.definitions(place.path)
                if place.line in each.span and each.role != "class"
            ]
            if around:
                found.add((place.path, max(around, key=lambda each: each.span.first_line)))
        return frozenset(found)

    def is_run(self, helper: _Helper) -> bool:
        """Whether the runner itself calls it."""
        path, definition = helper
        return definition.role == "setup" or (path, definition.span.first_line) in self._run

    def tests_of(self, helper: _Helper) -> set[TestKey]:
        """The tests that the runner calls it for."""
        path, definition = helper
        if definition.role == "setup":
            return self._set_up_by(path, definition)
        return self._run.get((path, definition.span.first_line), set())

    def subject(self, helper: _Helper) -> _Helper:
        """What users of a helper name: its class, where it is called without being named."""
        path, definition = helper
        outer, _, name = definition.qualname.rpartition(".")
        if outer and name.startswith("__") and name.endswith("__"):
            for each in self.definitions(path):
                if each.role == "class" and each.qualname == outer:
                    return path, each
        return helper

    def _set_up_by(self, path: str, setup: Definition) -> set[TestKey]:
        """The tests of its class, also those of other classes that were collected from it."""
        outer = setup.qualname.rpartition(".")[0]
        spans = [
            each.span
            for each in self.definitions(path)
            if each.role == "class" and each.qualname == outer
        ]
        classes = {(path, outer)}
        for test in self._collected:
            if test.path == path and any(test.line in span for span in spans):
                classes.add((test.test[0], test.test[1].rpartition(".")[0]))
        return {
            test.test
            for test in self._collected
            if (test.test[0], test.test[1].rpartition(".")[0]) in classes
        }

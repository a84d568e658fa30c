"""Which existing tests test which function, and in which file a new test belongs.

Evidence comes from three places. *Running* (``baseline``): a test was seen to run the function,
directly or by way of something else; it decides wherever there is any. A *language server*
(``static``): the function is referred to in the test, or in a helper or fixture that it uses.
*Names and imports*, here: the test, or its class, is called after the function (the longest name
that fits wins), or it mentions the function through the imports of its file.
"""

import ast
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import Protocol, get_args

from covet.languages.base import Definition, Language
from covet.mine.collected import Collected, TestKey
from covet.mine.functions import SourceFile, TestFile
from covet.mine.mentions import Imports, Mentions, read, read_imports
from covet.records import Evidence, Function, TestCase

_HOPS = 5
"""Most re-exports followed from one name."""

FunctionKey = tuple[str, str]
"""Path and qualname."""
Found = Mapping[FunctionKey, Mapping[TestKey, Collection[Evidence]]]
"""The tests of each function, and why they are believed to be."""


class Observed(Protocol):
    """What running the tests showed."""

    def knows(self, test: TestKey) -> bool: ...

    def entering(self, place: tuple[str, int]) -> Iterable[TestKey]: ...

    def direct(self, test: TestKey) -> Collection[tuple[str, int]]: ...


@dataclass(frozen=True, slots=True)
class Links:
    """What the tests of a codebase test."""

    tests: Mapping[FunctionKey, tuple[TestCase, ...]]
    """By function; by path and then in file order. Each says its evidence."""

    def of(self, function: Function) -> tuple[TestCase, ...]:
        """The tests that are about the function: those that call it, and those that name it, as
        long as they are not known to pass it by.
        """
        return tuple(test for test in self.all_of(function) if is_about(test))

    def all_of(self, function: Function) -> tuple[TestCase, ...]:
        """Also those that run it by way of something else alone."""
        return self.tests.get(_key(function), ())


def is_about(test: TestCase) -> bool:
    return set(test.evidence) != {"indirect"}


def inherited(
    tests: Sequence[TestFile], collected: Iterable[Collected], language: Language
) -> dict[TestKey, TestCase]:
    """Tests that no file holds under the name by which they are run, such as those of a base class:
    each with the text of where its code stands. ``tests`` are the files as they were run.
    """
    texts = {file.path: file.text for file in tests}
    written = set(sorted_keys(tests))
    found: dict[TestKey, TestCase] = {}
    for each in collected:
        if each.test in written or each.path not in texts:
            continue
        lines = texts[each.path].split("\n")
        for definition in _definitions(texts[each.path], language):
            if definition.span.first_line == each.line:
                span = definition.span
                source = "\n".join(lines[span.first_line - 1 : span.last_line]) + "\n"
                found[each.test] = TestCase(each.path, each.test[1], span, source)
    return found


@lru_cache(maxsize=64)
def _definitions(text: str, language: Language) -> tuple[Definition, ...]:
    return tuple(language.definitions(text))


def combine(
    sources: Sequence[SourceFile],
    tests: Sequence[TestFile],
    found: Sequence[Found],
    seen: Observed,
    inherited: Mapping[TestKey, TestCase] = MappingProxyType({}),
) -> Links:
    """All evidence. Where a test was seen running, what it did not run it is not linked to."""
    records = {(file.path, test.qualname): test for file in tests for test in file.tests}
    records = {**inherited, **records}
    order = {key: place for place, key in enumerate((*sorted_keys(tests), *sorted(inherited)))}
    linked: dict[FunctionKey, tuple[TestCase, ...]] = {}
    for function in (function for source in sources for function in source.functions):
        place = function.path, function.span.first_line
        evidence: dict[TestKey, set[Evidence]] = defaultdict(set)
        for part in found:
            for test, kinds in part.get(_key(function), {}).items():
                evidence[test].update(kinds)
        for test in seen.entering(place):
            evidence[test].add("direct" if place in seen.direct(test) else "indirect")
        kept = {
            test: kinds
            for test, kinds in evidence.items()
            if test in records and (not seen.knows(test) or kinds & {"direct", "indirect"})
        }
        linked[_key(function)] = tuple(
            replace(records[test], evidence=tuple(k for k in KINDS if k in kept[test]))
            for test in sorted(kept, key=order.__getitem__)
        )
    return Links({key: tests for key, tests in linked.items() if tests})


KINDS: tuple[Evidence, ...] = get_args(Evidence)


def sorted_keys(tests: Sequence[TestFile]) -> Iterator[TestKey]:
    """By path, and then in file order."""
    for file in sorted(tests, key=lambda file: file.path):
        for test in file.tests:
            yield file.path, test.qualname


def named(sources: Sequence[SourceFile], tests: Sequence[TestFile]) -> Found:
    """By names and imports alone."""
    index = _Index(sources)
    found: dict[FunctionKey, dict[TestKey, tuple[Evidence, ...]]] = defaultdict(dict)
    for test_file in sorted(tests, key=lambda file: file.path):
        for test, function, kind in _link_file(test_file, index):
            found[_key(function)][test_file.path, test.qualname] = (kind,)
    return found


def referenced(found: Mapping[FunctionKey, Collection[TestKey]]) -> Found:
    """What a language server found."""
    return {function: dict.fromkeys(tests, ("reference",)) for function, tests in found.items()}


def existing_test_file(source: SourceFile, links: Links, tests: Mapping[str, TestFile]) -> str:
    """The path of the existing file that most tests of that module stand in; empty: none does.

    A file called after the module comes before a fuller one that is not.
    """
    counts = Counter(test.path for function in source.functions for test in links.of(function))
    known = [path for path in counts if path in tests]
    if not known:
        return ""
    return min(known, key=lambda path: (not is_named_after(path, source), -counts[path], path))


def is_named_after(test_path: str, source: SourceFile) -> bool:
    """Whether a test file is called after a module: ``test_a.py`` or ``a_test.py``."""
    stem = PurePosixPath(test_path).stem
    subject = stem.removeprefix("test_").removesuffix("_test")
    return subject.strip("_") in {
        "_".join(source.module.split(".")[-parts:]).strip("_") for parts in (1, 2, 3)
    }


def _link_file(
    test_file: TestFile, index: "_Index"
) -> Iterable[tuple[TestCase, Function, Evidence]]:
    """Every link of one test file, in file order."""
    tree = ast.parse(test_file.text)
    imports = read_imports(tree, module=test_file.module, is_package=False)
    mentions = read(tree, imports)
    near = _Names(index.imported_by(imports) or index.named_like(test_file.path))
    for test in test_file.tests:
        own = mentions.get(test.qualname, Mentions())
        mentioned = index.functions_in(own, imports.stars)
        named = near.best(test.qualname, {_key(function) for function in mentioned})
        keys = {_key(function) for function in named}
        for function in named:
            yield test, function, "name"
        for function in mentioned:
            if _key(function) not in keys:
                yield test, function, "import"


class _Index:
    """The functions of a codebase by every dotted name that they go under."""

    def __init__(self, sources: Sequence[SourceFile]) -> None:
        self._sources = sources
        self._functions: dict[str, list[Function]] = defaultdict(list)
        self._methods: dict[str, list[Function]] = defaultdict(list)
        self._modules = {source.module: source for source in sources}
        self._exports: dict[str, str] = {}
        self._stars: dict[str, tuple[str, ...]] = {}
        for source in sources:
            for function in source.functions:
                dotted = f"{source.module}.{function.qualname}"
                self._functions[dotted].append(function)
                classes = _parts(function)[:-1]
                if classes:
                    self._methods[".".join([source.module, *classes])].append(function)
            imports = read_imports(
                ast.parse(source.text), module=source.module, is_package=source.is_package
            )
            self._stars[source.module] = imports.stars
            for name, target in imports.names.items():
                self._exports[f"{source.module}.{name}"] = target

    def functions_in(self, mentions: Mentions, stars: tuple[str, ...]) -> list[Function]:
        """The functions that those mentions mean, in the order of the codebase's files."""
        dotted = set(mentions.dotted)
        dotted |= {f"{star}.{name}" for star in stars for name in mentions.bare}
        found: dict[FunctionKey, Function] = {}
        for name in sorted(dotted):
            for function in self._meant_by(self._resolve(name), mentions.attributes):
                found[_key(function)] = function
        return sorted(
            found.values(), key=lambda function: (function.path, function.span.first_line)
        )

    def _meant_by(self, name: str, attributes: frozenset[str]) -> list[Function]:
        """A function itself; of a class, its construction and the methods that are used."""
        methods = [
            method
            for method in self._methods.get(name, ())
            if _leaf(method) in attributes or _leaf(method) in {"__init__", "__new__"}
        ]
        return [*self._functions.get(name, ()), *methods]

    def _resolve(self, name: str) -> str:
        """The name under which a thing is defined, where a package passes it on from a module."""
        for _ in range(_HOPS):
            if name in self._functions or name in self._methods:
                break
            onward = self._onward(name)
            if onward is None:
                break
            name = onward
        return name

    def _onward(self, name: str) -> str | None:
        parts = name.split(".")
        for end in range(len(parts), 1, -1):
            prefix, rest = ".".join(parts[:end]), parts[end:]
            if prefix in self._exports:
                return ".".join([self._exports[prefix], *rest])
            for star in self._stars.get(".".join(parts[: end - 1]), ()):
                onward = ".".join([star, *parts[end - 1 :]])
                if onward in self._functions or onward in self._methods:
                    return onward
        return None

    def imported_by(self, imports: Imports) -> list[SourceFile]:
        """The source files that a file imports, or imports names of."""
        names = {self._resolve(name) for name in imports.names.values()} | set(imports.stars)
        found: dict[str, SourceFile] = {}
        for name in names:
            parts = name.split(".")
            for end in range(len(parts), 0, -1):
                source = self._modules.get(".".join(parts[:end]))
                if source is not None:
                    found[source.path] = source
                    break
        return [found[path] for path in sorted(found)]

    def named_like(self, test_path: str) -> list[SourceFile]:
        return [source for source in self._sources if is_named_after(test_path, source)]


@dataclass
class _Names:
    """The functions that the tests of one file may be called after."""

    sources: Sequence[SourceFile]
    _by_name: dict[str, list[Function]] = field(init=False)
    _classes: dict[str, dict[str, list[Function]]] = field(init=False)

    def __post_init__(self) -> None:
        self._by_name = defaultdict(list)
        self._classes = defaultdict(lambda: defaultdict(list))
        for source in self.sources:
            for function in source.functions:
                self._add(function)

    def _add(self, function: Function) -> None:
        *classes, name = _parts(function)
        if not classes:
            self._by_name[_words(name)].append(function)
            return
        self._by_name[f"{_words(classes[-1])}_{_words(name)}"].append(function)
        self._classes[_words(classes[-1])][_words(name)].append(function)

    def best(self, test: str, mentioned: set[FunctionKey]) -> list[Function]:
        """The functions with the longest name that a test is called after; those it mentions
        before others, and none where that leaves more than one.
        """
        *classes, leaf = test.split(".")
        subject = _words(classes[-1], "test", "tests") if classes else ""
        rest = _words(leaf, "test")
        tables = [self._by_name]
        if subject in self._classes:
            tables.insert(0, self._classes[subject])
        for table in tables:
            found = _longest(table, rest)
            if not found and table is self._by_name:
                found = table.get(subject, [])
            sure = [function for function in found if _key(function) in mentioned] or found
            if len(sure) == 1:
                return sure
        return []


def _longest(table: Mapping[str, list[Function]], words: str) -> list[Function]:
    """Under the longest key that is ``words`` or begins it, up to an underscore."""
    while words:
        if words in table:
            return table[words]
        words = words.rpartition("_")[0]
    return []


def _words(name: str, *without: str) -> str:
    """``TestHttpServer`` → ``http_server``: lower case, words parted by underscores."""
    snake = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()
    words = [word for word in snake.split("_") if word]
    if words and words[0] in without:
        words = words[1:]
    if words and words[-1] in without:
        words = words[:-1]
    return "_".join(words)


def _leaf(function: Function) -> str:
    return _parts(function)[-1]


def _parts(function: Function) -> list[str]:
    """The classes that a function stands in and its name; a property's setter has its name."""
    parts = function.qualname.split(".")
    return parts[:-1] if parts[-1] in {"setter", "deleter"} and len(parts) > 2 else parts


def _key(function: Function) -> FunctionKey:
    return function.path, function.qualname

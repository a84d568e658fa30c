"""What a language server finds, kept for each test file.

It is asked about the test files of which its answer is not known: those that changed, or use others
that did (``static`` asks). What else the answer depends on, all of the codebase as it is imported,
is what ``Answers`` are kept by.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from importlib import metadata

from covet import config
from covet.errors import CodebaseError
from covet.execute.grader import Grader
from covet.mine.baseline import Baseline
from covet.mine.cache import Answers
from covet.mine.collected import TestKey, as_written
from covet.mine.functions import Files, TestFile
from covet.mine.links import Found, FunctionKey, referenced
from covet.mine.static import static_links

_Referred = list[tuple[FunctionKey, tuple[TestKey, ...]]]
"""The tests of one file that refer to each function."""
_WORD = re.compile(r"\w+")


def referred(
    grader: Grader,
    files: Files,
    baseline: Baseline,
    settings: config.Mine,
    answers: Answers,
    say: Callable[[str], None],
) -> Found:
    """The tests that refer to each function; nothing where there are none, and nothing but a
    warning where the server fails.
    """
    if not settings.server or not files.tests:
        return {}
    ran = {key: seen.collected for key, seen in baseline.seen.items()}
    written = {test.test: test for test in as_written(files.tests)}
    collected = [test for test in (written | ran).values() if test.path]
    used = _used(files.tests)
    asked = {
        path: (
            settings.server,
            _version(settings.server),
            sorted(texts.items()),
            [each for each in collected if each.test[0] == path],
        )
        for path, texts in used.items()
    }
    known = {path: answers.known(_Referred, *content) for path, content in asked.items()}
    new = {path for path, found in known.items() if found is None}
    if len(new) * 2 > len(asked):
        new = set(asked)
    shown = set[str]().union(*(used[path] for path in new))
    if new:
        try:
            links = static_links(
                grader.layout.root,
                replace(files, tests=tuple(test for test in files.tests if test.path in shown)),
                [each for each in collected if each.test[0] in new],
                language=grader.language,
                server=settings.server,
                without=used.keys() - shown,
                on_progress=say,
            )
        except CodebaseError as error:
            say(f"warning: {error}; links come from running, names and imports alone")
            return {}
        known |= _by_file(links, new)
    found: dict[FunctionKey, list[TestKey]] = defaultdict(list)
    for path, content in asked.items():
        answers.put(known[path], *content)
        for function, tests in known[path] or ():
            found[function].extend(tests)
    return referenced(found)


def _used(tests: Sequence[TestFile]) -> dict[str, dict[str, str]]:
    """By path of a test file: its text, and those of the others that it may import, by path."""
    texts = {test.path: test.text for test in tests}
    modules: dict[str, list[str]] = defaultdict(list)
    for test in tests:
        modules[test.module.rpartition(".")[2]].append(test.path)
    named = {
        path: [
            other for word in sorted(modules.keys() & set(_WORD.findall(text)))
            for other in modules[word]
        ]
        for path, text in texts.items()
    }  # fmt: skip
    found: dict[str, dict[str, str]] = {}
    for path in texts:
        reached, waiting = {path}, [path]
        while waiting:
            more = [other for other in named[waiting.pop()] if other not in reached]
            reached.update(more)
            waiting += more
        found[path] = {other: texts[other] for other in sorted(reached)}
    return found


def _by_file(
    links: Mapping[FunctionKey, Collection[TestKey]], paths: Collection[str]
) -> dict[str, _Referred]:
    found: dict[str, _Referred] = {path: [] for path in paths}
    for function, tests in sorted(links.items()):
        for path in sorted({path for path, _ in tests} & found.keys()):
            there = tuple(sorted(test for test in tests if test[0] == path))
            found[path].append((function, there))
    return found


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return ""

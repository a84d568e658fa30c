"""Tells of each test what it ran, and how it came there.

A test is a function with all its parameters; what collecting runs is told of the file that is
collected, under no test's name. What a fixture of a wider scope runs is told of every
test that uses the fixture, whichever of them happens to set it up. A function of the files with
probes is entered *directly* where the nearest frame of the codebase's that called it is in none of
those files: in a test, or in what helps one.
"""

from __future__ import annotations

import inspect
import os
from collections.abc import Generator
from types import FrameType
from typing import Any, Optional

import pytest

from .owned import is_own
from .probes import Probes, Ran
from .report import Reporter

Place = tuple[str, int]
"""Absolute path and first line of a function."""


class _Ran:
    def __init__(self) -> None:
        self.files: Ran = {}
        self.direct: set[Place] = set()
        self.indirect: set[Place] = set()

    def add(self, files: Ran) -> None:
        for name, (lines, branches) in files.items():
            known = self.files.setdefault(name, (set(), set()))
            known[0].update(lines)
            known[1].update(branches)

    def join(self, other: _Ran) -> None:
        self.add(other.files)
        self.direct |= other.direct
        self.indirect |= other.indirect


class PerTest:
    """A pytest plugin."""

    def __init__(self, root: str, reporter: Reporter, probes: Probes) -> None:
        self._root = root
        self._inside = root.rstrip("/") + "/"
        self._reporter = reporter
        self._probes = probes
        self._now = _Ran()
        self._shared: dict[int, _Ran] = {}
        """By fixture."""
        self._gave: dict[int, str] = {}
        self._collected: dict[str, _Ran] = {}
        """By file."""
        self._pending: Optional[tuple[str, Any, _Ran]] = None
        probes.place(self._entered)

    # --------------------------------------------------------------------------- running

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_make_collect_report(self, collector: Any) -> Generator[None, None, None]:
        if not isinstance(collector, (pytest.Module, pytest.Class)):
            yield
            return
        path, _ = self._relative((str(collector.path), 0))
        outer = self._now
        outer.add(self._probes.take())
        self._now = self._collected.setdefault(path, _Ran())
        yield
        self._now.add(self._probes.take())
        self._now = outer

    @pytest.hookimpl(trylast=True)
    def pytest_collection_finish(self) -> None:
        self._now.add(self._probes.take())
        for path, ran in {**self._collected, "": self._now}.items():
            self._reporter.say("ran", self._told("", (path, 0), [], ran))

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: Any) -> Generator[None, None, None]:
        self._probes.take()  # what ran between tests is nobody's
        self._now = _Ran()
        yield
        self._now.add(self._probes.take())
        for _, definition in self._fixtures(item):
            if id(definition) in self._shared:
                self._now.join(self._shared[id(definition)])
        name = item.nodeid.partition("[")[0]
        if self._pending is not None and self._pending[0] == name:
            self._pending[2].join(self._now)
            return
        self._tell()
        self._pending = name, item, self._now

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_fixture_setup(self, fixturedef: Any) -> Generator[None, Any, None]:
        if fixturedef.scope == "function":
            outcome = yield
        else:
            outer = self._now
            outer.add(self._probes.take())
            self._now = self._shared.setdefault(id(fixturedef), _Ran())
            outcome = yield
            self._now.add(self._probes.take())
            self._now = outer
        if outcome.excinfo is None:
            self._gave[id(fixturedef)] = _class_of(outcome.get_result())

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self) -> None:
        self._tell()

    def _entered(self, frame: FrameType, line: int) -> bool:
        """Whether that was directly."""
        place = frame.f_code.co_filename, line
        files, strangers = self._probes.files, self._probes.strangers
        caller = frame.f_back
        while caller is not None:
            path = caller.f_code.co_filename
            if path in files:
                self._now.indirect.add(place)
                return False
            if path not in strangers:
                if self._is_ours(path):
                    break
                strangers.add(path)
            caller = caller.f_back
        self._now.direct.add(place)
        return True

    def _is_ours(self, path: str) -> bool:
        return is_own(path, self._root)

    # --------------------------------------------------------------------------- telling

    def _tell(self) -> None:
        if self._pending is None:
            return
        name, item, ran = self._pending
        self._pending = None
        fixtures = [
            [fixture, *self._place(definition.func), self._gave.get(id(definition), "")]
            for fixture, definition in self._fixtures(item)
        ]
        place = self._place(getattr(item, "obj", None))
        self._reporter.say("ran", self._told(name, place, fixtures, ran))

    def _told(self, name: str, place: Place, fixtures: list[list[Any]], ran: _Ran) -> Any:
        return {
            "test": name,
            "path": place[0],
            "line": place[1],
            "fixtures": fixtures,
            "covered": {
                file: [_ranges(lines), sorted(branches)]
                for file, (lines, branches) in ran.files.items()
                if lines
            },
            "direct": [self._relative(place) for place in sorted(ran.direct)],
            "indirect": [self._relative(place) for place in sorted(ran.indirect - ran.direct)],
        }

    def _fixtures(self, item: Any) -> list[tuple[str, Any]]:
        known = getattr(getattr(item, "_fixtureinfo", None), "name2fixturedefs", {})
        return [
            (name, known[name][-1]) for name in getattr(item, "fixturenames", ()) if known.get(name)
        ]

    def _place(self, function: Any) -> tuple[str, int]:
        """Relative to the root; empty where it is not the codebase's."""
        try:
            code = inspect.unwrap(getattr(function, "__func__", function)).__code__
        except (AttributeError, ValueError):
            return "", 0
        path, line = self._relative((code.co_filename, code.co_firstlineno))
        return (path, line) if self._is_ours(code.co_filename) else ("", 0)

    def _relative(self, place: Place) -> tuple[str, int]:
        path, line = place
        return path[len(self._inside) :].replace(os.sep, "/"), line


def _class_of(value: object) -> str:
    """``module:qualname``; empty for what is built in or has no name to import it by."""
    kind = type(value)
    module, name = kind.__module__, kind.__qualname__
    return "" if module == "builtins" or "<" in name else f"{module}:{name}"


def _ranges(lines: set[int]) -> list[list[int]]:
    """Sorted, as first and last of each stretch."""
    found: list[list[int]] = []
    for line in sorted(lines):
        if found and found[-1][1] == line - 1:
            found[-1][1] = line
        else:
            found.append([line, line])
    return found

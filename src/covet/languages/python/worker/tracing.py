"""Which lines and branches of chosen files run.

A line counts by the first line of the statement that it belongs to. A branch is a jump out of
a deciding statement's header (if, while, for, match case, except) to the line that runs next in
the same frame, or to -1 when the frame returns. Nothing is traced outside ``with tracer``, and
nothing at all when no file is chosen.
"""

from __future__ import annotations

import ast
import opcode
import os
import sys
import threading
from collections.abc import Callable
from types import CodeType, FrameType, TracebackType
from typing import Any, Optional, Union

NO_BOUND = 1 << 62
"""More steps than anything takes."""
Local = Callable[[FrameType, str, Any], Any]
LEFT = -1
_MOST_NAMESPACES = 10_000
"""That are known to hold no code of a traced file: a test may make as many as it likes."""
YIELDS = frozenset(
    code for name, code in opcode.opmap.items() if name in ("YIELD_VALUE", "YIELD_FROM", "SEND")
)


class Tracer:
    """A context manager that may be entered again and again, also while it is in force.

    It counts steps on the way: lines of the traced files and of the test.
    """

    def __init__(self, root: str, files: list[str]) -> None:
        names = {os.path.normpath(os.path.join(root, name)): name for name in files}  # noqa: PTH118
        self._steps = [0]
        """Of the test that runs."""
        self._steps_before = 0
        self.files = {path: _File(path, name, self._steps) for path, name in names.items()}
        self._own: set[int] = set()
        """Lines of the test that ran."""
        self._watched: set[int] = set()
        """Ids of namespaces in which code of these files or of the test has run, or may."""
        self._depth = 0
        self._called = self._tracing("", NO_BOUND, lambda: None)

    def limit(self, test: str, most: int, too_far: Callable[[], None]) -> None:
        """Begin to count anew; ``too_far`` is called at every step after ``most``, if any, in one
        test, or while the tests are collected.
        """
        self._steps[0] = self._steps_before = 0
        self._called = self._tracing(test, most or NO_BOUND, too_far)

    def watch(self, module: str) -> None:
        """Whatever runs in that module's namespace may be code of a traced file."""
        if module in sys.modules:
            self._watched.add(id(sys.modules[module].__dict__))

    def __enter__(self) -> None:
        if self.files and not self._depth:
            threading.settrace(self._called)
            sys.settrace(self._called)
        self._depth += 1

    def __exit__(
        self,
        kind: Optional[type[BaseException]],
        value: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        self._depth -= 1
        if self.files and not self._depth:
            sys.settrace(None)
            threading.settrace(None)  # type: ignore[arg-type]

    def end(self) -> None:
        """Leave it as often as it was entered."""
        while self._depth:
            self.__exit__(None, None, None)

    @property
    def steps(self) -> int:
        """Of all tests together."""
        return self._steps_before + self._steps[0]

    def disable(self) -> None:
        """Trace nothing any more."""
        self.files = {}

    def covered(self) -> dict[str, tuple[list[int], list[tuple[int, int]]]]:
        """By the name that each file was given: its lines and its branches, sorted. The test's
        own lines go by the name ``""``.
        """
        told: dict[str, tuple[list[int], list[tuple[int, int]]]] = {
            file.name: (sorted(file.lines), sorted(file.branches)) for file in self.files.values()
        }
        own = (sorted(self._own), list[tuple[int, int]]())
        return told | {"": own} if self._own else told

    def ran(self, path: str, lines: set[int]) -> None:
        """Lines of a file that ran while it was not traced here, none of them a branch."""
        self.files[path].ran(lines)

    def begin(self) -> None:
        """A test begins."""
        self._steps_before += self._steps[0]
        self._steps[0] = 0
        for file in self.files.values():
            file.begin()

    def forget(self) -> None:
        """What ran since a test began."""
        for file in self.files.values():
            file.forget()

    def since(self) -> list[int]:
        """The lines, of all files, that ran since a test began."""
        return sorted({line for file in self.files.values() for line in file.recent})

    def _tracing(self, test: str, most: int, too_far: Callable[[], None]) -> Local:
        files, steps, own = self.files, self._steps, self._own
        watched, identity = self._watched, id
        others: dict[int, dict[str, Any]] = {}  # by id, which is theirs as long as they are here

        def called(frame: FrameType, event: str, argument: Any) -> Optional[Local]:
            """To ask for a frame's code is an event for audit hooks: dearer than all of this."""
            del event, argument
            namespace = frame.f_globals
            place = identity(namespace)
            if place in others:
                return None
            code = frame.f_code
            file = files.get(code.co_filename)
            if file is not None:
                watched.add(place)
                return file.follow(code)
            if code.co_filename == test:
                watched.add(place)
                return counted
            if place not in watched and len(others) < _MOST_NAMESPACES:
                others[place] = namespace
            return None

        def counted(frame: FrameType, event: str, argument: Any) -> Local:
            del argument
            steps[0] += 1
            if event == "line":
                own.add(frame.f_lineno)
            if steps[0] > most:
                too_far()
            return counted

        for file in files.values():
            file.limit(most, too_far)
        return called


class _File:
    def __init__(self, path: str, name: str, steps: list[int]) -> None:
        self.name = name
        self.recent: set[int] = set()
        """Lines that ran since the last ``begin``."""
        self.recent_branches: set[tuple[int, int]] = set()
        self._before: set[int] = set()
        self._branches_before: set[tuple[int, int]] = set()
        self._path = path
        self._first: Optional[dict[int, int]] = None
        self._deciding: frozenset[int] = frozenset()
        self._steps = steps

    @property
    def lines(self) -> set[int]:
        return self._before | self.recent

    @property
    def branches(self) -> set[tuple[int, int]]:
        return self._branches_before | self.recent_branches

    def begin(self) -> None:
        self._before |= self.recent
        self._branches_before |= self.recent_branches
        self.forget()

    def forget(self) -> None:
        self.recent.clear()
        self.recent_branches.clear()

    def ran(self, lines: set[int]) -> None:
        first, _ = self._statements()
        self.recent |= {first.get(line, line) for line in lines}

    def limit(self, most: int, too_far: Callable[[], None]) -> None:
        self._most, self._too_far = most, too_far

    def follow(self, code: CodeType) -> Local:
        """A local trace function for one run of one frame."""
        first, deciding = self._statements()
        lines, branches = self.recent, self.recent_branches
        steps, most, too_far = self._steps, self._most, self._too_far
        header = 0  # the deciding line just run, if any

        def trace(frame: FrameType, event: str, argument: Any) -> Local:
            nonlocal header
            if event == "line":
                steps[0] += 1
                if steps[0] > most:
                    too_far()
                line = frame.f_lineno
                line = first.get(line, line)
                if line != header:
                    if header:
                        branches.add((header, line))
                    lines.add(line)
                    header = line if line in deciding else 0
            elif event == "return":
                if header and code.co_code[frame.f_lasti] not in YIELDS:
                    branches.add((header, LEFT))
            elif event == "exception" and not issubclass(argument[0], StopIteration):
                header = 0  # raised, not decided
            return trace

        return trace

    def _statements(self) -> tuple[dict[int, int], frozenset[int]]:
        if self._first is None:
            import linecache

            self._first, self._deciding = statements("".join(linecache.getlines(self._path)))
        return self._first, self._deciding


def statements(source: Union[str, bytes]) -> tuple[dict[int, int], frozenset[int]]:
    """Each line's statement's first line; and the first lines of deciding headers.

    Covet's own side asks the same, so that lines that can run are counted as lines that did.
    """
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return {}, frozenset()
    first: dict[int, int] = {}
    deciding: set[int] = set()
    for node in ast.walk(tree):  # parents come before children, which overwrite them
        span = header_of(node)
        if span is None:
            continue
        start, end = span
        for line in range(start, end + 1):
            first[line] = start
        if type(node).__name__ in _DECIDING:
            deciding.add(start)
    return first, frozenset(deciding)


_DECIDING = frozenset({"If", "While", "For", "AsyncFor", "match_case", "ExceptHandler"})


def header_of(node: ast.AST) -> Optional[tuple[int, int]]:
    """The lines of a simple statement, or of a compound one as far as its body."""
    if type(node).__name__ == "match_case":
        pattern, guard = getattr(node, "pattern"), getattr(node, "guard")  # noqa: B009
        return pattern.lineno, (guard or pattern).end_lineno
    if not isinstance(node, (ast.stmt, ast.ExceptHandler)):
        return None
    end = node.end_lineno or node.lineno
    body = getattr(node, "body", None)
    if isinstance(body, list) and body:
        inner = body[0]
        decorators = getattr(inner, "decorator_list", [])
        end = min([inner.lineno, *(decorator.lineno for decorator in decorators)]) - 1
    elif type(node).__name__ == "Match":
        end = getattr(node, "cases")[0].pattern.lineno - 1  # noqa: B009
    return node.lineno, max(node.lineno, end)

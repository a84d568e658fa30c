"""Which lines and branches of chosen files run, test by test, at a fraction of what tracing costs.

The files get probes when they are imported (``instrument``); what ``tracing`` sees of every step,
they tell once for each test. Where a decision leads is not worked out but seen: the first time
that it goes one way, the frame is traced up to its next line, by the rule of ``tracing``. Steps
are not counted, and a file that is compiled otherwise than by being imported tells nothing.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable
from functools import partial
from importlib.machinery import SourceFileLoader
from itertools import chain, repeat
from types import CodeType, FrameType, FunctionType, ModuleType
from typing import Any, Optional

from .changed import compile_by
from .follow import Leads, follow
from .instrument import Sites, code_objects, instrument
from .tracing import statements

_LOOKS = 10_000
"""So often is looked who calls a function, between two ``take``; one that then has not been called
directly is taken not to be.
"""
Entered = Callable[[FrameType, int], bool]
"""Takes a frame and the first line of its function; whether that is all that is to be known of the
function until ``take``.
"""
Ran = dict[str, tuple[set[int], set[tuple[int, int]]]]
"""By file: lines and branches."""


class Probes:
    """Of some files below ``root``."""

    def __init__(self, root: str, files: list[str]) -> None:
        self.files = {os.path.normpath(os.path.join(root, name)): name for name in files}  # noqa: PTH118
        """By path."""
        self.strangers: set[str] = set()
        """Paths of other people's files."""
        self.told: list[_Marks] = []
        """Of files that told something."""
        self._code: dict[str, Optional[CodeType]] = {}

    def place(self, entered: Entered) -> None:
        """From here on in this process, in what is imported; ``entered`` hears of functions."""
        compile_by(partial(self.compiled, entered))
        _leave_to_import(self.files)
        self.fit(entered)

    def fit(self, entered: Entered) -> None:
        """The functions of files that were imported before, as pytest's own libraries were."""
        before = [module for module in list(sys.modules.values()) if _path(module) in self.files]
        if not before:
            return
        known: dict[tuple[str, str, int], CodeType] = {}
        for module in before:
            path = _path(module)
            code = self.compiled(entered, path, SourceFileLoader(module.__name__, path))
            if code is not None:
                known.update((_identity(each), each) for each in code_objects(code))
        gc.unfreeze()
        for thing in gc.get_objects():
            if type(thing) is FunctionType:  # what is asked for its class may do anything
                other = known.get(_identity(thing.__code__))
                if other is not None and other.co_freevars == thing.__code__.co_freevars:
                    thing.__code__ = other

    def take(self) -> Ran:
        """What ran since this was last asked."""
        found = {marks.name: (marks.lines, marks.branches) for marks in self.told if marks.lines}
        for marks in self.told:
            marks.forget()
        self.told.clear()
        return found

    def compiled(self, entered: Entered, path: str, loader: SourceFileLoader) -> Optional[CodeType]:
        path = os.path.normpath(path)
        if path not in self.files:
            return None
        if path not in self._code:
            data = loader.get_data(path)
            sites = Sites()
            marks = _Marks(self, path, data, sites, entered)
            try:
                self._code[path] = instrument(data, path, marks, sites)
            except (SyntaxError, ValueError, RecursionError):
                self._code[path] = None  # to fail, or not, as it would without us
            else:
                marks.begin()
        return self._code[path]


def _path(module: ModuleType) -> str:
    """Without asking the module: it may be anything."""
    path = getattr(module, "__dict__", {}).get("__file__")
    return os.path.normpath(path) if isinstance(path, str) else ""


def _identity(code: CodeType) -> tuple[str, str, int]:
    return code.co_filename, code.co_name, code.co_firstlineno


def _leave_to_import(files: dict[str, str]) -> None:
    """Else pytest compiles the modules of plugins by itself, to rewrite their assertions."""
    from _pytest.assertion.rewrite import AssertionRewritingHook as Hook

    rewritten = Hook._should_rewrite  # noqa: SLF001  (pytest has no other way)

    def should_rewrite(self: Hook, name: str, path: str, state: Any) -> bool:
        return os.path.normpath(path) not in files and rewritten(self, name, path, state)

    setattr(Hook, "_should_rewrite", should_rewrite)  # noqa: B010


class _Marks:
    """What the probes of one file tell; a flag, ``_<number>``, for each that is done, and
    ``i<number>`` for functions that were entered, though not directly: whether to look again.
    """

    def __init__(
        self,
        probes: Probes,
        path: str,
        data: bytes,
        sites: Sites,
        entered: Entered,
    ) -> None:
        self.name = probes.files[path]
        self.lines: set[int] = set()
        self.branches: set[tuple[int, int]] = set()
        self._flags: list[str] = []
        """Those that may be up."""
        self._told = probes.told
        self.files = probes.files
        self.strangers = probes.strangers
        self.frame = sys._getframe  # noqa: SLF001
        self._data = data
        self._sites = sites
        self._entered = entered
        self._leads: dict[int, int] = {}
        """By a way's number: where it leads."""
        self._first: Optional[dict[int, int]] = None

    def begin(self) -> None:
        self.__dict__.update((f"_{number}", False) for number in range(self._sites.count))
        self.__dict__.update((f"i{number}", False) for number in self._sites.entries)

    def forget(self) -> None:
        self.lines, self.branches = set(), set()
        self.__dict__.update(dict.fromkeys(self._flags, False))
        self._flags.clear()

    def _tells(self, flag: str, value: object = True) -> None:
        if not self._flags:
            self._told.append(self)
        self._flags.append(flag)
        self.__dict__[flag] = value

    # ------------------------------------------------------------------ told by the probes

    def line(self, number: int) -> bool:
        """Lines were reached."""
        self.lines |= self._sites.lines[number]
        self._tells(f"_{number}")
        return True

    def enter(self, number: int) -> None:
        """A function was entered. Where that was not directly, it is told again of callers that
        are in none of the files, for a while.
        """
        looks = self.__dict__[f"i{number}"]
        direct = self._entered(sys._getframe(1), self._sites.entries[number])  # noqa: SLF001
        if direct or (looks and not looks()):
            self._tells(f"_{number}")
        elif not looks:
            self._tells(f"i{number}", chain(repeat(True, _LOOKS), repeat(False)).__next__)

    def way(self, number: int) -> None:
        """A decision went this way."""
        line, is_settled = self._sites.ways[number]
        lead = self._leads.get(number)
        if lead is not None:
            self.branches.add((line, lead))
            self._tells(f"_{number}")
            return

        def leads(to: int) -> None:
            self.branches.add((line, to))
            if is_settled:
                self._leads[number] = to

        self._follow(sys._getframe(1), line, leads)  # noqa: SLF001

    def passed(self, number: int, to: int) -> None:
        """A decision led to a line."""
        line, _ = self._sites.ways[number]
        self.branches.add((line, to))
        self._tells(f"_{number}")

    def caught(self, number: int, kinds: Any) -> Any:
        """An ``except`` is asked whether it is meant."""
        line = self._sites.handlers[number]
        if line not in self.lines:
            self.lines.add(line)
            self._tells(f"_{number}")
        if not _is_meant(kinds):

            def leads(to: int) -> None:
                self.branches.add((line, to))

            self._follow(sys._getframe(1), line, leads)  # noqa: SLF001
        return kinds

    def _follow(self, frame: FrameType, header: int, leads: Leads) -> None:
        if self._first is None:
            self._first, _ = statements(self._data)
        follow(frame, header, self._first, leads)


def _is_meant(kinds: Any) -> bool:
    """Whether the exception under way is of one of them, as ``except`` decides it."""
    kind = sys.exc_info()[0]
    if isinstance(kinds, tuple):
        return any(_is_meant(each) for each in kinds)
    return kind is not None and kinds in kind.__mro__

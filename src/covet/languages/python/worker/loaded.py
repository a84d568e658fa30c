"""A process that has imported a module of the codebase, for many candidates one after another.

It stands behind the same walls as a request's init and has as few rights. It forks a child for
each candidate, whose tests find the module imported; what a child leaves behind, in processes
and in files, is removed before the next. It never looks at a candidate's text itself: the text
passes through, and is let go of.

Wrong programs come as edits of one file's text, a set of them for each function under test;
they are compiled once and then exchanged in every child (``exchange``).
"""

from __future__ import annotations

import gc
import importlib
import itertools
import linecache
import os
import signal
import stat
import traceback
from collections import OrderedDict
from dataclasses import dataclass, field
from importlib.machinery import SourceFileLoader
from types import CodeType
from typing import Any, Optional

from . import batch, changed, exchange, isolation, program, request, tracing, walls, watch, wire
from .ahead import IMPORT_S, Ahead, import_libraries, is_quiet
from .record import Record, cell_of
from .single import give_up
from .warm import Warm

SETS = 8
"""Most sets of compiled programs that are kept."""
_MOST_FILES = 500


def serve_and_exit(
    warm: Warm, message: dict[str, Any], conversation: int, before: Optional[Ahead]
) -> None:
    """``message``: the first request, for what is to be imported; ``before``: what this process
    has imported already.
    """
    try:
        walls.enter(warm, warm.limits)
        loaded = Loaded(warm, message, conversation, before)
        wire.send(conversation, {"fit": loaded.fit})
        if loaded.fit:
            loaded.serve()
    except Exception:  # noqa: BLE001  (the boundary of this process)
        traceback.print_exc()  # heard as its last words
    finally:
        os._exit(0)


class Loaded:
    """See above."""

    def __init__(
        self,
        warm: Warm,
        message: dict[str, Any],
        conversation: int,
        before: Optional[Ahead],
    ) -> None:
        self._warm, self._conversation = warm, conversation
        self._top = os.environ["TMPDIR"]
        self._scratch = self._top + request.WORK
        """One for each candidate, and none between them."""
        os.environ.update(HOME=self._scratch, TMPDIR=self._scratch)
        self._tracer = tracing.Tracer(warm.root, message["traced"])
        self.fit = self._import(message["imports"], message["libraries"], before)
        """Whether candidates find here what they would find after an import of their own."""
        for name in message["imports"]:
            self._tracer.watch(name)
        self._ran = frozenset(line for file in self._tracer.files.values() for line in file.lines)
        self._tracer.begin()
        self._counter = exchange.Counter(give_up)
        self._sets: OrderedDict[int, _Set] = OrderedDict()
        self._files: dict[str, exchange.File] = {}
        for path in self._tracer.files:
            warm.guard.look_for(path)
        linecache.clearcache()  # whoever wants the source shall be seen to read it
        isolation.measure_again()
        gc.freeze()

    def _import(self, names: list[str], libraries: list[str], before: Optional[Ahead]) -> bool:
        if before is not None and not before.may_serve(list(self._tracer.files)):
            return False
        known = [path for path in self._tracer.files if before and before.knows(path)]
        program.find_packages(self._warm)
        signal.alarm(IMPORT_S)
        import_libraries(libraries, self._warm.root)
        keepers = {path: exchange.Keeper(path) for path in self._tracer.files}

        def compiled(path: str, loader: SourceFileLoader) -> Optional[CodeType]:
            """The module's own code begins: nothing of it can have run before."""
            if path not in keepers:
                return None
            self._tracer.__enter__()
            return keepers[path].compiled(loader.get_data(path))

        undo = changed.compile_by(compiled)
        try:
            for name in names:
                importlib.import_module(name)
        except BaseException:  # noqa: BLE001  (each candidate will find and report it)
            return False
        finally:
            signal.alarm(0)
            self._tracer.end()
            undo()
        self._kept = {path: keeper.kept for path, keeper in keepers.items()}
        self._functions = {path: keeper.functions for path, keeper in keepers.items()}
        for path in known:
            assert before is not None
            self._functions[path], self._kept[path] = before.functions(path), before.kept(path)
            self._tracer.ran(path, before.lines[path])
        return is_quiet() and not walls.has_files(self._top)

    def serve(self) -> None:
        while True:
            message = wire.receive(self._conversation)
            if message is None:
                return
            self._answer(message)
            del message
            clean = self._clean()
            wire.send(self._conversation, {"clean": clean})
            if not clean:
                return

    # ------------------------------------------------------------------------ a request

    def _answer(self, message: dict[str, Any]) -> None:
        """Send the cells of the original and of the programs that can be exchanged."""
        limits = message["limits"] or self._warm.limits
        programs = self._set(message)
        plan = None
        if programs is not None and programs.original is not None:
            plan = batch.Plan(
                message["schedule"],
                programs.changes,
                programs.original,
                self._counter,
                self._ran,
                stop=message["stop"],
                cpu_s=limits["cpu_s"],
                way=message["way"],
                lines=message["lines"],
                steps=message["test_steps"],
                collected=frozenset(message["collected"]),
            )
        if plan is not None and plan.way == "apart":
            cells = self._apart(message, limits, plan)
        else:
            cells = self._cells(message, limits, plan)
        if cells is not None:
            wire.send(self._warm.channel, {"cells": sorted(cells.items())})

    def _set(self, message: dict[str, Any]) -> Optional[_Set]:
        key = message["set"]
        if key is None:
            return None
        if key not in self._sets:
            self._sets[key] = _Set(message["edits"])
            if len(self._sets) > SETS:
                self._sets.popitem(last=False)
        self._sets.move_to_end(key)
        found = self._sets[key]
        if not found.is_refused:
            self._compile(found, message)
        return None if found.is_refused else found

    def _file(self, path: str, base: str) -> exchange.File:
        file = self._files.get(path)
        if file is None or file.source != base:
            functions = self._functions.get(path, {})
            file = self._files[path] = exchange.File(
                path, base, functions, self._ran, self._kept.get(path, {})
            )
        return file

    def _compile(self, programs: _Set, message: dict[str, Any]) -> None:
        """Those of the schedule that are not yet."""
        edits = programs.edits
        path = os.path.normpath(os.path.join(self._warm.root, edits["path"]))  # noqa: PTH118
        try:
            file = self._file(path, edits["base"])
            if programs.original is None:
                programs.original = file.original(edits["place"], self._counter)
            for index, *_ in message["schedule"]:
                if index not in programs.changes:
                    edit = edits["edits"][index]
                    programs.changes[index] = file.change(edit[0], edit[1], edit[2], self._counter)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            programs.original = None
        programs.is_refused = programs.original is None

    def _cells(
        self, message: dict[str, Any], limits: dict[str, Any], plan: Optional[batch.Plan]
    ) -> Optional[dict[int, dict[str, Any]]]:
        """By number: 0 is the original's. None where they are not wanted any more.

        A program that brings its process down is where the next process goes on.
        """
        cells: dict[int, dict[str, Any]] = {0: {"cpu_s": 0.0, "wall_s": 0.0}}
        used, quick = cells[0], True
        while True:
            record, ended = self._child(message, limits, plan, quick=quick)
            used["cpu_s"] += ended.cpu_s
            used["wall_s"] += ended.wall_s
            if ended.reason == "not wanted":
                return None
            if record.forged or record.malformed:
                return {0: {**cell_of(record, "forged"), **used}}
            if record.said == "look closer" and self._clean():
                quick, plan = False, None
                continue
            end = "crash" if record.said == "look closer" else ended.of(record)
            if "end" not in used:
                used.update(cell_of(record, end))
                if record.lines:
                    used["covered"] = self._agreed(record)
            for position, verdicts, steps in record.programs:
                cells[position + 1] = {"end": "done", "outcomes": verdicts, "steps": steps}
            if record.said:
                return {0: {**used, "stateful": True}}
            if plan is None or plan.way == "check" or not (plan.lines or record.lines):
                return cells
            if not plan.lines:
                plan.lines, plan.steps = record.lines, record.test_steps
                plan.collected = frozenset(record.collection)
                used["end"] = "done"
            if plan.schedule and not record.test_steps:
                return {0: {**used, "stateful": True}}  # it fell when run for a second time
            if record.complete:
                return _with_those_not_run(cells, plan)
            done = max([plan.first - 1, *(position for position, _, _ in record.programs)])
            fell = plan.next_after(done)
            if fell is None:
                return _with_those_not_run(cells, plan)
            cells[fell + 1] = {"end": end, "outcomes": [], "steps": 0}
            plan.first = fell + 1
            if not self._clean():
                return _with_those_not_run(cells, plan)

    def _agreed(self, record: Record) -> dict[str, Any]:
        """What the tests say that they ran together, and no more: each line that a test claims
        may be met by a program that raises there. Lines of the tests are to nobody's credit.
        """
        lines = set(self._ran).union(record.collection, *record.lines.values())
        own = {"": record.covered[""]} if "" in record.covered else {}
        return own | {
            path: [
                sorted(lines.intersection(told)),
                [pair for pair in pairs if pair[0] in lines and (pair[1] < 0 or pair[1] in lines)],
            ]
            for path, (told, pairs) in record.covered.items()
            if path
        }

    def _apart(
        self, message: dict[str, Any], limits: dict[str, Any], plan: batch.Plan
    ) -> Optional[dict[int, dict[str, Any]]]:
        """A process for each program, and a clean temporary folder."""
        cells: dict[int, dict[str, Any]] = {0: {"cpu_s": 0.0, "wall_s": 0.0}}
        used = cells[0]
        for position in range(len(plan.schedule)):
            if not plan.is_exchanged(position):
                continue
            if not plan.covering(position):
                cells[position + 1] = {"end": "done", "outcomes": [], "steps": 0}
                continue
            plan.first = position
            record, ended = self._child(message, limits, plan, quick=True)
            is_clean = self._clean()
            used["cpu_s"] += ended.cpu_s
            used["wall_s"] += ended.wall_s
            if ended.reason == "not wanted":
                return None
            if record.forged or record.malformed:
                return {0: {**cell_of(record, "forged"), **used}}
            if not is_clean:
                return cells
            if record.said:
                continue  # it could not be put in force
            cells[position + 1] = {"end": ended.of(record), "outcomes": [], "steps": 0}
            for _, verdicts, steps in record.programs:
                cells[position + 1] = {"end": "done", "outcomes": verdicts, "steps": steps}
            if record.complete and not record.programs:  # it could not even be collected
                failed = [[test, "error"] for test in plan.covering(position)[:1]]
                cells[position + 1] = {"end": "done", "outcomes": failed, "steps": 0}
        return cells

    def _child(
        self,
        message: dict[str, Any],
        limits: dict[str, Any],
        plan: Optional[batch.Plan],
        *,
        quick: bool,
    ) -> tuple[Record, watch.Ended]:
        os.mkdir(self._scratch, 0o700)  # noqa: PTH102
        return request.attended(
            self._warm, message, limits, tracer=self._tracer, plan=plan, quick=quick
        )

    def _clean(self) -> bool:
        """Leave nothing of a candidate's in the temporary folder. False where that takes too
        long or cannot be done: then this process is as good as used.
        """
        try:
            os.chmod(self._top, stat.S_IRWXU)  # noqa: PTH101
            _remove(self._top, [_MOST_FILES])
            for name in os.listxattr(self._top) if hasattr(os, "listxattr") else ():
                os.removexattr(self._top, name)
            os.utime(self._top, (0, 0))
        except (OSError, _TooMany, RecursionError, ValueError):
            return False
        return True


def _remove(folder: str, left: list[int]) -> None:
    """Everything in a folder."""
    with os.scandir(folder) as entries:
        found = list(itertools.islice(entries, left[0] + 1))
    for entry in found:
        left[0] -= 1
        if left[0] < 0:
            raise _TooMany
        if entry.is_dir(follow_symlinks=False):
            os.chmod(entry.path, stat.S_IRWXU)  # noqa: PTH101
            _remove(entry.path, left)
            os.rmdir(entry.path)  # noqa: PTH106
        else:
            os.unlink(entry.path)  # noqa: PTH108


class _TooMany(Exception):
    """Files; to let the kernel throw all away at once is cheaper."""


@dataclass
class _Set:
    """The programs of one function under test."""

    edits: dict[str, Any]
    original: Optional[exchange.Change] = None
    changes: dict[int, Optional[exchange.AnyChange]] = field(default_factory=dict)
    """Those that are compiled; None: cannot be exchanged."""
    is_refused: bool = False


def _with_those_not_run(
    cells: dict[int, dict[str, Any]], plan: batch.Plan
) -> dict[int, dict[str, Any]]:
    """Whose change no test reaches."""
    for position in range(len(plan.schedule)):
        if plan.is_exchanged(position) and position + 1 not in cells:
            cells[position + 1] = {"end": "done", "outcomes": [], "steps": 0}
    return cells

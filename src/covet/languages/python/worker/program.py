"""One program: a child of the init that becomes the candidate's process.

It closes every door but the pipe that it reports on, bounds itself, puts the changed file in
place, imports, and hands over to pytest. Everything after ``_prepare`` may be the candidate's.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import sys
import tempfile
import traceback
from types import CodeType
from typing import TYPE_CHECKING, Any, Optional

from . import changed, isolation, kernel, pytest_run, tracing, wire

if TYPE_CHECKING:
    from .request import Warm

_PIPE = 3


class Reporter:
    """Lines of JSON on the pipe, each ``[kind, value]``; nothing after ``end``."""

    def __init__(self) -> None:
        self._pid = os.getpid()
        self.out_of_memory = False

    def say(self, kind: str, value: object) -> None:
        if os.getpid() == self._pid:  # a forked copy of the tests has no say
            wire.write_all(_PIPE, json.dumps([kind, value]).encode("ascii") + b"\n")

    def failure(self, error: BaseException) -> str:
        """The end of its traceback; takes note when memory ran out."""
        if isinstance(error, MemoryError):
            self.out_of_memory = True
            traceback.clear_frames(error.__traceback__)
        lines = traceback.format_exception(type(error), error, error.__traceback__)
        return "".join(lines)[-2000:]

    def end(self) -> None:
        self.say("end", "out_of_memory" if self.out_of_memory else "done")


def run_and_exit(
    pipe: int,
    warm: Warm,
    message: dict[str, Any],
    limits: dict[str, Any],
    changed_file: dict[str, str],
    code: Optional[CodeType],
) -> None:
    """Never returns; without the ``end`` line, whoever listens knows that it did not get far."""
    try:
        _prepare(pipe, warm, limits)
        reporter = Reporter()
        tracer = tracing.Tracer(warm.root, message["traced"])
        if changed_file["path"]:
            path = os.path.join(warm.root, changed_file["path"])  # noqa: PTH118
            changed.serve(os.path.normpath(path), changed_file["source"])
        try:
            if _import(message["imports"], reporter, tracer) and message["test_path"]:
                task = pytest_run.Task(
                    warm.root,
                    message["test_path"],
                    message["test_source"],
                    code,
                    stop=message["stop"],
                )
                pytest_run.run(warm.prepared, task, reporter, tracer)
        finally:
            if message["traced"]:
                reporter.say("covered", tracer.covered())
        reporter.end()
    finally:
        os._exit(0)


def _prepare(pipe: int, warm: Warm, limits: dict[str, Any]) -> None:
    if pipe != _PIPE:
        os.dup2(pipe, _PIPE)
    kernel.close_from(_PIPE + 1)
    os.dup2(1, 2)
    os.setsid()
    if warm.isolated:
        kernel.set_dumpable(value=True)
    elif sys.platform == "linux":
        kernel.die_with_parent()
    isolation.limit_program(
        limits["cpu_s"], limits["memory_mb"], limits["disk_mb"], isolated=warm.isolated
    )
    signal.setitimer(signal.ITIMER_PROF, limits["cpu_s"])
    tempfile.tempdir = None
    sys.path[:0] = [path for path in warm.search_path if path not in sys.path]
    sys.argv[:] = ["pytest"]


def _import(names: list[str], reporter: Reporter, tracer: tracing.Tracer) -> bool:
    try:
        with tracer:
            for name in names:
                importlib.import_module(name)
    except BaseException as error:  # noqa: BLE001  (a module may raise anything)
        reporter.say("error", reporter.failure(error))
        return False
    return True

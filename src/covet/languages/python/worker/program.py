"""One program: a child of the init that becomes the candidate's process.

It closes every door but the pipe that it reports on, bounds itself, puts the changed file in
place, imports, and hands over to pytest. Everything after ``_prepare`` may be the candidate's.
"""

from __future__ import annotations

import importlib
import os
import signal
import sys
import tempfile
from types import CodeType
from typing import Any, Optional

from . import changed, isolation, kernel, pytest_run, report, task, tracing
from .warm import Warm


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
        reporter = report.Reporter()
        tracer = tracing.Tracer(warm.root, message["traced"])
        if changed_file["path"]:
            path = os.path.join(warm.root, changed_file["path"])  # noqa: PTH118
            changed.serve(os.path.normpath(path), changed_file["source"])
        try:
            if _import(message["imports"], reporter, tracer) and message["test_path"]:
                tests = task.Task(
                    warm.root,
                    message["test_path"],
                    message["test_source"],
                    code,
                    stop=message["stop"],
                )
                pytest_run.run(warm.prepared, tests, reporter, tracer)
        finally:
            if message["traced"]:
                reporter.say("covered", tracer.covered())
        reporter.end()
    finally:
        os._exit(0)


def _prepare(pipe: int, warm: Warm, limits: dict[str, Any]) -> None:
    if pipe != report.PIPE:
        os.dup2(pipe, report.PIPE)
    kernel.close_from(report.PIPE + 1)
    nothing = os.open(os.devnull, os.O_RDWR)  # its own: flags of an inherited one are shared
    for standard in (0, 1, 2):
        os.dup2(nothing, standard)
    os.close(nothing)
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


def _import(names: list[str], reporter: report.Reporter, tracer: tracing.Tracer) -> bool:
    try:
        with tracer:
            for name in names:
                importlib.import_module(name)
    except BaseException as error:  # noqa: BLE001  (a module may raise anything)
        reporter.say("error", reporter.failure(error))
        return False
    return True

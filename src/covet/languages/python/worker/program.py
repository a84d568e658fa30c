"""The process of one candidate: from a fresh fork to the end of its tests.

It closes every door but the pipe that it reports on, bounds itself, puts the changed file in
place if there is one, imports, and hands over to pytest. Everything after ``_prepare`` may be
the candidate's.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import random
import signal
import sys
import tempfile
from dataclasses import dataclass
from types import CodeType
from typing import Any, Optional

from . import (
    batch,
    changed,
    exchange,
    isolation,
    kernel,
    probes,
    pytest_run,
    report,
    single,
    task,
    tracing,
)
from .owned import is_own
from .warm import Warm


@dataclass(frozen=True)
class Run:
    """What one such process is to do."""

    warm: Warm
    message: dict[str, Any]
    limits: dict[str, Any]
    word: bytes
    tracer: tracing.Tracer
    changed: Optional[tuple[str, str]] = None
    """The path of the changed file, relative to the root, and its text."""
    code: Optional[CodeType] = None
    """The compiled tests, where that has been done already."""
    plan: Optional[batch.Plan] = None
    thorough: bool = False
    """No test ends the run, whatever the message says."""
    quick: bool = False
    """Tests that do not pass end the run without a report."""


def main(run: Run, pipe: int) -> None:
    """Without the ``end`` line, whoever listens knows that it did not get far."""
    message, warm = run.message, run.warm
    test = os.path.join(warm.root, message["test_path"])  # noqa: PTH118
    _prepare(pipe, run)
    reporter = report.Reporter(run.word, test if message["test_source"] is not None else "")
    if run.changed is not None:
        path = os.path.join(warm.root, run.changed[0])  # noqa: PTH118
        changed.serve(os.path.normpath(path), run.changed[1])
    if message["order"] and run.plan is not None:
        run.tracer.disable()  # a repetition: what it covers is known
    if message["each_s"]:
        run.tracer.limit(test, run.limits["steps"], single.give_up)
        signal.signal(signal.SIGPROF, lambda _signal, _frame: single.give_up())
    else:
        run.tracer.limit(test, run.limits["steps"], lambda: reporter.stop("timeout"))
    is_foreign = message["test_source"] is not None and not message["each_s"]
    if is_foreign:
        focal = message["focal"]
        warm.guard.arm(
            reporter.tell,
            root=warm.root,
            test=test,
            focal=os.path.join(warm.root, focal) if focal else "",  # noqa: PTH118
            sleep_s=run.limits["wall_s"],
            too_long=lambda: reporter.stop("timeout"),
        )
        for name in warm.own_modules:
            sys.modules.pop(name, None)  # not to be had by importing
    if run.plan is not None and run.plan.way == "apart":
        change = run.plan.changes[run.plan.schedule[run.plan.first][0]]
        assert change is not None
        try:
            change.apply()
        except exchange.Broken:
            failed = [[test, "error"] for test in run.plan.covering(run.plan.first)[:1]]
            reporter.say("program", [run.plan.first, failed, 0])
            return
        except Exception:  # noqa: BLE001  (a decorator's; on import it may do otherwise)
            reporter.say("said", "not possible")
            return
    try:
        if _import(run, reporter) and message["test_path"]:
            _run_tests(run, reporter)
    finally:
        if message["traced"] and not run.quick:
            reporter.say("covered", run.tracer.covered())
            reporter.say("steps", run.tracer.steps)
    if is_foreign and (piece := warm.runner.changed()):
        reporter.tell("forged", f"changes the runner ({piece})")
    reporter.end()


def _run_tests(run: Run, reporter: report.Reporter) -> None:
    message, warm = run.message, run.warm
    code = run.code
    if code is None and message["test_source"] is not None and warm.prepared.ready:
        path = os.path.join(warm.root, message["test_path"])  # noqa: PTH118
        with contextlib.suppress(Exception):  # what is wrong will be found while collecting
            code = task.compile_test(
                message["test_source"], path, warm.prepared.config, readable=not run.quick
            )
    tests = task.Task(
        warm.root,
        message["test_path"],
        message["test_source"],
        code,
        stop=message["stop"] and not message["together"] and not run.thorough,
        order=message["order"],
        quick=run.quick,
        plain=message["plain"],
        probes=probes.Probes(warm.root, message["traced"]) if message["by_test"] else None,
        each_s=message["each_s"],
        plan=run.plan,
    )
    pytest_run.run(warm.prepared, tests, reporter, run.tracer, warm)


def _prepare(pipe: int, run: Run) -> None:
    warm, limits = run.warm, run.limits
    if pipe != report.PIPE:
        os.dup2(pipe, report.PIPE, inheritable=False)
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
    programs = len(run.plan.schedule) + 2 if run.plan is not None else 1
    isolation.limit_program(
        programs * limits["cpu_s"], limits["memory_mb"], limits["disk_mb"], isolated=warm.isolated
    )
    signal.setitimer(signal.ITIMER_PROF, limits["cpu_s"])
    tempfile.tempdir = None
    find_packages(warm)
    _seed(run.message["order"])


def find_packages(warm: Warm) -> None:
    """As pytest finds those of the codebase."""
    sys.path[:0] = [path for path in warm.search_path if path not in sys.path]
    sys.argv[:] = ["pytest"]


def _seed(order: int) -> None:
    """Another order comes with other random numbers."""
    random.seed(order)
    numpy = sys.modules.get("numpy")
    if numpy is not None and hasattr(numpy, "random"):
        numpy.random.seed(order)


def _import(run: Run, reporter: report.Reporter) -> bool:
    try:
        with run.tracer:
            for name in run.message["imports"]:
                if name not in sys.modules:
                    importlib.import_module(name)
                run.tracer.watch(name)
                _require_own(name, run.warm.root)
    except BaseException as error:  # noqa: BLE001  (a module may raise anything)
        reporter.say("error", reporter.failure(error))
        return False
    return True


def _require_own(name: str, root: str) -> None:
    """That a module is the codebase's, and not an installed copy of it."""
    path = str(getattr(sys.modules.get(name), "__file__", None) or "")
    if path and not is_own(path, root):
        raise ImportError(
            f"{name} is imported from {path}, a copy of the codebase's; install the codebase"
            " itself in its place (pip install --editable .)"
        )

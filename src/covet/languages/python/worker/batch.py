"""One candidate's tests against many programs in one process, by exchanging code.

The programs come in an order that tells nothing about them; wrong ones and unchanged ones
look alike. Each runs only the tests that, on the original, ran a line of its change. A test is
run as pytest runs it, without a report: set-up of its fixtures, the call, tear-down of
everything. Where a plugin or a ``conftest.py`` has a say in running tests, or a test asks for
what only pytest's own hooks provide, they are run through the hooks.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Optional

import pytest
from _pytest.tmpdir import tmppath_result_key

from .report import Reporter

if TYPE_CHECKING:
    from .exchange import Change, Counter

STEPS = 1000
STEPS_FACTOR = 20
"""A program may take so many steps, and so many times what the original took."""
CPU_S = 0.06
CPU_FACTOR = 20.0
"""The same in seconds, for what takes its time without a step."""
KILLS = frozenset({"fail", "error", "timeout", "out_of_memory", "crash"})
_PROVIDED = frozenset({"caplog", "recwarn", "pytester", "testdir", "record_property"})


@dataclass
class Plan:
    """What is to be run; filled in by the worker before the child is forked."""

    schedule: Sequence[tuple[int, int, int]]
    """Program, and the first and last line of its change."""
    changes: Sequence[Optional[Change]]
    original: Change
    counter: Counter
    imported: frozenset[int]
    """Lines that ran while the module was imported: their tests are all tests."""
    stop: bool
    cpu_s: float
    first: int = 0
    """Position to begin at: those before it are done."""
    apart: bool = False
    """Each program in a fork, the tests collected and none of them run before."""
    lines: dict[str, list[int]] = field(default_factory=dict)
    """By passing test: the lines that it ran. Given where ``first`` or ``apart`` is."""
    steps: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    """That the original took."""
    collected: frozenset[int] = frozenset()
    """Lines that ran while the tests were collected: a change to them comes too late here."""

    def covering(self, position: int) -> list[str]:
        """The tests that the program there is run against."""
        program, first, last = self.schedule[position]
        if self.changes[program] is None:
            return []
        span = range(first, last + 1)
        if self.is_too_late(position):
            return []
        if self.imported.intersection(span):
            return list(self.lines)
        return [test for test, ran in self.lines.items() if any(line in span for line in ran)]

    def is_too_late(self, position: int) -> bool:
        """Whether what the program changes had its effect before the tests began."""
        _, first, last = self.schedule[position]
        return not self.collected.isdisjoint(range(first, last + 1))

    def next_after(self, position: int) -> Optional[int]:
        """The next position that anything is run for."""
        places = range(position + 1, len(self.schedule))
        return next((place for place in places if self.covering(place)), None)


class TooFar(BaseException):
    """A program has taken more steps than it may."""


class Batch:
    """Runs a plan with the items of a session."""

    def __init__(self, plan: Plan, session: Any, reporter: Reporter, name: Callable[[Any], str]):
        self._plan, self._session, self._reporter = plan, session, reporter
        self._items = {name(item): item for item in session.items}
        self._late = False
        self._by_hooks: Optional[Callable[[Any], str]] = None
        self._needs_hooks = _has_foreign_hooks(session.config)

    def run(self, by_hooks: Callable[[Any], str]) -> None:
        self._by_hooks = by_hooks
        plan = self._plan
        if not self._items.keys() >= plan.lines.keys():
            self._reporter.say("end", "stateful")
            return
        if plan.apart:
            self._run_apart()
        elif self._measure():
            for position in range(plan.first, len(plan.schedule)):
                self._one(position)

    def _measure(self) -> bool:
        """The steps of each test on the original; False, and said, where they do not pass a
        second time.
        """
        plan = self._plan
        plan.original.apply()
        steps: dict[str, int] = {}
        started = time.process_time()
        for test in plan.lines:
            plan.counter.start(1 << 62)
            verdict = self._verdict(self._items[test])
            steps[test] = plan.counter.steps
            if verdict != "pass":
                self._reporter.say("end", "stateful")
                return False
        plan.seconds = time.process_time() - started
        if not plan.steps:
            plan.steps = steps
            self._reporter.say("test_steps", steps)
        return True

    def _one(self, position: int) -> None:
        tests = self._plan.covering(position)
        if not tests:
            return
        change = self._plan.changes[self._plan.schedule[position][0]]
        assert change is not None
        change.apply()
        verdicts, steps = self._against(tests)
        self._reporter.say("program", [position, verdicts, steps])

    def _against(self, tests: list[str]) -> tuple[list[list[str]], int]:
        plan, verdicts = self._plan, list[list[str]]()
        allowed = STEPS + STEPS_FACTOR * sum(plan.steps.get(test, 0) for test in tests)
        plan.counter.start(allowed)
        self._late = False
        signal.setitimer(signal.ITIMER_PROF, min(plan.cpu_s, CPU_S + CPU_FACTOR * plan.seconds))
        for test in tests:
            verdict = self._verdict(self._items[test])
            if plan.counter.steps > allowed:
                verdict = "timeout"
            verdicts.append([test, verdict])
            if verdict == "timeout" or (plan.stop and verdict in KILLS):
                break
        signal.setitimer(signal.ITIMER_PROF, plan.cpu_s)
        return verdicts, plan.counter.steps

    def _run_apart(self) -> None:
        for position in range(self._plan.first, len(self._plan.schedule)):
            child = os.fork()
            if child == 0:
                try:
                    self._reporter.take_over()
                    self._one(position)
                finally:
                    os._exit(0)
            _, status = os.waitpid(child, 0)
            if status:
                by_clock = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGPROF
                verdict = "timeout" if by_clock else "crash"
                pairs = [[test, verdict] for test in self._plan.covering(position)[:1]]
                self._reporter.say("program", [position, pairs, 0])

    # ------------------------------------------------------------------------- one test

    def _verdict(self, item: Any) -> str:
        if self._by_hooks is not None and (self._needs_hooks or _asks_for_hooks(item)):
            return self._by_hooks(item)
        return _run_test(self._session, item)


def _has_foreign_hooks(config: Any) -> bool:
    """Whether others than pytest and this worker hear how a test is run."""
    mine = __name__.rpartition(".")[0] + "."
    for name in ("setup", "call", "teardown", "protocol"):
        for implementation in getattr(config.hook, "pytest_runtest_" + name).get_hookimpls():
            module = getattr(implementation.function, "__module__", "") or ""
            if not module.startswith(("_pytest.", mine)):
                return True
    return False


def _asks_for_hooks(item: Any) -> bool:
    if not _PROVIDED.isdisjoint(getattr(item, "fixturenames", ())):
        return True
    return any(item.iter_markers(name="filterwarnings")) or not hasattr(item, "_initrequest")


def _run_test(session: Any, item: Any) -> str:
    """What ``runtestprotocol`` does, without reports."""
    state = session._setupstate  # noqa: SLF001  (pytest has no other way)
    _renew(item)
    verdict = "pass"
    try:
        state.setup(item)
    except BaseException as error:  # noqa: BLE001  (tests raise anything)
        verdict = verdict_of(error, "setup")
    else:
        try:
            item.runtest()
        except BaseException as error:  # noqa: BLE001
            verdict = verdict_of(error, "call")
        kept = getattr(item, "_excinfo", None)
        if kept:
            verdict = verdict_of(kept[0].value, "call")
    try:
        state.teardown_exact(None)
    except BaseException as error:  # noqa: BLE001
        if verdict in ("pass", "not_run"):
            verdict = verdict_of(error, "teardown")
        state.stack.clear()
    return verdict


def _renew(item: Any) -> None:
    """As if it had just been collected."""
    if "_excinfo" in item.__dict__:
        item._excinfo = None  # noqa: SLF001
    elif item.cls is not None:
        item.__dict__.pop("_instance", None)
        item.__dict__.pop("_obj", None)
    item._initrequest()  # noqa: SLF001
    if "tmp_path" in item.fixturenames:
        item.stash[tmppath_result_key] = {}


def verdict_of(error: BaseException, when: str) -> str:
    if isinstance(error, TooFar):
        return "timeout"
    if isinstance(error, MemoryError):
        return "out_of_memory"
    if isinstance(error, pytest.skip.Exception):
        return "not_run"
    if when == "call" and isinstance(error, (AssertionError, pytest.fail.Exception)):
        return "fail"
    return "error"

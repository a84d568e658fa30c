"""One candidate's tests against many programs, by exchanging code.

The tests run on the original, traced, and then against one program after the other, in the same
process. The programs come in an order that tells nothing about them; wrong ones and unchanged
ones look alike. Each is met by the tests that, on the original, ran a line of its change.

A test that keeps something from one run for the next can tell programs apart by that. So a plan
can be run in two other ways: with every program in a process of its own, in which no other has
been in force; and to check, where a program or two come first and the original last.
"""

from __future__ import annotations

import signal
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Optional, Protocol

from .report import Reporter
from .single import KILLS
from .tracing import NO_BOUND

if TYPE_CHECKING:
    from .exchange import AnyChange, Change, Counter
    from .tracing import Tracer

STEPS = 1000
STEPS_FACTOR = 20
"""A program may take so many steps, and so many times what the original took."""
CPU_S = 0.06
CPU_FACTOR = 20.0
"""The same in seconds, for what takes its time without a step."""


class Tests(Protocol):
    """What a runner of tests is, as far as it matters here; ``single`` and ``bare`` have one."""

    items: dict[str, Any]
    """By name, in the order in which they run."""

    def verdict(self, test: str) -> str:
        """Of one run of one test."""
        ...


@dataclass
class Plan:
    """What is to be run; made before the candidate's process is."""

    schedule: Sequence[tuple[int, int, int, bool]]
    """Program, and the first and last line of its change."""
    changes: Mapping[int, Optional[AnyChange]]
    original: Change
    counter: Counter
    imported: frozenset[int]
    """Lines that ran while the module was imported: their tests are all tests."""
    stop: bool
    """Leave a program at the first test that rejects it."""
    cpu_s: float
    way: str = "together"
    """Or ``apart``: the program at ``first`` and nothing else, in force before the tests are
    collected. Or ``check``: the programs come before the original."""
    first: int = 0
    """Position to begin at: those before it are done, and the original is."""
    lines: dict[str, list[int]] = field(default_factory=dict)
    """By passing test: the lines that it ran on the original; empty as long as it has not run."""
    steps: dict[str, int] = field(default_factory=dict)
    """By passing test: the steps that it took."""
    seconds: float = 0.0
    """That the original took."""
    collected: frozenset[int] = frozenset()
    """Lines that ran while the tests were collected: a change to them comes too late here."""

    def covering(self, position: int) -> list[str]:
        """The tests that the program there is run against."""
        _, first, last, _ = self.schedule[position]
        span = range(first, last + 1)
        if not self.is_exchanged(position):
            return []
        if self.imported.intersection(span) or self.collected.intersection(span):
            return list(self.lines)
        return [test for test, ran in self.lines.items() if any(line in span for line in ran)]

    def is_exchanged(self, position: int) -> bool:
        """Whether the program there can be put in force: not where it comes too late, because
        the tests bind the function's name, or called it, while they are collected.
        """
        change = self.changes[self.schedule[position][0]]
        if change is None:
            return False
        return self.way == "apart" or not (self.collected or change.early)

    def next_after(self, position: int) -> Optional[int]:
        """The next position that anything is run for."""
        places = range(position + 1, len(self.schedule))
        return next((place for place in places if self.covering(place)), None)

    def allowed(self, tests: Sequence[str]) -> int:
        return STEPS + STEPS_FACTOR * sum(self.steps.get(test, 0) for test in tests)


class Batch:
    """In the candidate's process, once its tests are collected."""

    def __init__(self, plan: Plan, runner: Tests, reporter: Reporter, tracer: Tracer) -> None:
        self._plan, self._runner = plan, runner
        self._reporter, self._tracer = reporter, tracer

    def run(self) -> None:
        plan = self._plan
        if plan.way == "apart":
            self._tracer.disable()
            self._one(plan.first)
            return
        if plan.way == "check":
            for position in range(len(plan.schedule)):
                self._one(position)
            self._without_bounds()
        if not plan.lines or plan.way == "check":
            lines = original(self._runner, self._reporter, self._tracer)
            if not lines or plan.way == "check":
                return
            plan.lines = lines
            self._reporter.say("lines", lines)
        self._tracer.disable()
        if plan.schedule and self._measured():
            for position in range(plan.first, len(plan.schedule)):
                self._one(position)

    def _measured(self) -> bool:
        """Counts the steps of each test on the original; False, and said, where one does not
        pass a second time.
        """
        plan = self._plan
        self._without_bounds()
        steps: dict[str, int] = {}
        started = time.process_time()
        for test in plan.lines:
            plan.counter.start(NO_BOUND)
            verdict = self._runner.verdict(test)
            steps[test] = plan.counter.steps
            if verdict != "pass":
                self._reporter.say("said", "stateful")
                return False
        plan.seconds = time.process_time() - started
        if not plan.steps:
            plan.steps = steps
        self._reporter.say("test_steps", plan.steps)
        return True

    def _without_bounds(self) -> None:
        """The original is in force, and bounded by nothing of a program's before it."""
        plan = self._plan
        plan.original.apply()
        plan.counter.start(NO_BOUND)
        signal.setitimer(signal.ITIMER_PROF, plan.cpu_s)

    def _one(self, position: int) -> None:
        plan = self._plan
        change = plan.changes[plan.schedule[position][0]]
        tests = plan.covering(position)
        if change is None or not tests:
            return
        if not change.early:
            change.apply()
        if not self._runner.items.keys() >= set(tests):
            tests = list(self._runner.items)  # their names tell of the program
        allowed = plan.allowed(tests)
        plan.counter.start(allowed)
        signal.setitimer(signal.ITIMER_PROF, min(plan.cpu_s, CPU_S + CPU_FACTOR * plan.seconds))
        verdicts: list[list[str]] = []
        stop = plan.stop and not plan.schedule[position][3]
        for test in tests:
            verdict = self._runner.verdict(test)
            if plan.counter.steps > allowed:
                verdict = "timeout"
            verdicts.append([test, verdict])
            if verdict == "timeout" or (stop and verdict in KILLS):
                break
        self._reporter.say("program", [position, verdicts, plan.counter.steps])


def original(runner: Tests, reporter: Reporter, tracer: Tracer) -> dict[str, list[int]]:
    """Run every test once and report; by passing test, the lines that it ran. Empty, and said,
    where one does not pass: it deserves to be run with all that makes its report readable.
    """
    lines: dict[str, list[int]] = {}
    outcomes: list[list[str]] = []
    reporter.so_far = outcomes
    for test in runner.items:
        tracer.begin()
        with tracer:
            verdict = runner.verdict(test)
        outcomes.append([test, verdict])
        if verdict == "pass":
            lines[test] = tracer.since()
        elif verdict != "not_run":
            break
    if not lines or outcomes[-1][1] not in ("pass", "not_run"):
        reporter.say("said", "look closer")
        return {}
    for outcome in outcomes:
        reporter.say("outcome", outcome)
    reporter.so_far = []
    reporter.say("covered", tracer.covered())
    reporter.say("steps", tracer.steps)
    return lines

"""Some tasks are really run: do the remaining tests cover what was worked out, and does the
reference add to it?

Baselines are worked out from what each test ran (``baseline``). That is wrong where a test runs
less because another ran before it, and keeps something for it. A sample of the tasks is checked;
where one is not as it should be, all tasks of its file are, and what was measured counts.
"""

import itertools
import math
import random
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Protocol, TypeVar

from covet.execute.grader import Grader
from covet.mine.baseline import Baseline
from covet.mine.collected import TestKey, key_of, qualname_of
from covet.records import (
    Candidate,
    Coverage,
    Execution,
    FunctionExample,
    Reference,
    TestCase,
)
from covet.sandbox.base import Cell

T = TypeVar("T")


class Ran(Protocol):
    """Calls ``make``, which runs tests of a file, unless what comes of it is known from before."""

    def __call__(self, kind: type[T], make: Callable[[], T], path: str, *content: object) -> T: ...


@dataclass(frozen=True, slots=True)
class Checked:
    """What running showed."""

    run: int
    """Tasks that were run."""
    differing: dict[str, str]
    """By task: how it was otherwise than worked out."""
    corrected: Mapping[str, Coverage]
    """By task: the baseline that was measured, where it is another."""
    useless: frozenset[str]
    """Tasks whose reference does not pass or adds nothing."""


def check(
    grader: Grader,
    examples: Sequence[FunctionExample],
    references: Mapping[str, Reference],
    *,
    baseline: Baseline,
    texts: Mapping[str, str],
    hidden: Mapping[str, Collection[TestKey]],
    most: int,
    seed: int,
    ran: Ran,
) -> Checked:
    """``texts``: the verified part of every test file; ``hidden``: by example, tests that its
    baseline leaves out. Examples without a reference are not run, nor are those whose function the
    tests of very many files run.
    """
    made = [
        example
        for example in examples
        if example.id in references
        and len({path for path, _ in baseline.tests_of(example.function)}) <= _MOST_FILES
    ]
    drawn = random.Random(f"check {seed}")  # noqa: S311  (no secret)
    sample = drawn.sample(made, min(most, len(made)))
    runner = _Runner(grader, references, baseline, texts, hidden, ran)
    grader.side_by_side(partial(runner.check, fully=True), sample)
    suspect = {example.function.path for example in made if example.id in runner.differing}
    left = [e for e in made if e.function.path in suspect and e.id not in runner.done]
    grader.side_by_side(partial(runner.check, fully=False), left)
    return Checked(len(runner.done), runner.differing, runner.corrected, frozenset(runner.useless))


_MOST_FILES = 20
"""Whose tests are run to check one task."""
_ROUNDS = 6
_PATIENCE = 12.0
"""So many times the CPU seconds of a candidate, tests are run to find out what each takes."""
_SHARE = 0.5
"""The part of a candidate's seconds that existing tests may take."""


def unfit(grader: Grader, example: FunctionExample) -> tuple[TestCase, ...]:
    """Existing tests of the example's file that do not pass as part of a candidate, within its
    limits and walls. Every candidate has the file's tests in it, and would fail by them.

    Those that are seen to fail are left out until the rest passes. Where they take too long, each
    is timed, and the longest go. Where that does not help, the tests are halved, and halved
    again, until what passes is found; where that takes too long together, the first ones stay.
    """
    tests = _ExistingTests(grader, example)
    bad: set[str] = set()
    for _ in range(_ROUNDS):
        found = tests.without(bad)
        if found is None or found.status == "ok":
            return tests.named(bad)
        failing = _failing(found) - bad
        if found.status == "timeout":
            failing |= tests.too_long_without(bad)
        if not failing:
            break
        bad |= failing
    fit = _fit_parts([name for name in tests.names if name not in bad], tests.are_fit)
    while fit and not tests.are_fit(fit):
        fit = fit[: len(fit) // 2]
    return tests.named({*tests.names} - {*fit})


def _fit_parts(names: list[str], are_fit: Callable[[list[str]], bool]) -> list[str]:
    """All that pass in some part of the whole."""
    if not names or are_fit(names):
        return names
    if len(names) == 1:
        return []
    half = len(names) // 2
    return _fit_parts(names[:half], are_fit) + _fit_parts(names[half:], are_fit)


class _ExistingTests:
    """Those of an example's file, run as parts of candidates; the same part is run once, unless the
    infrastructure failed.
    """

    def __init__(self, grader: Grader, example: FunctionExample) -> None:
        self._grader = grader
        self._example = example
        self._tests = grader.language.tests(example.test_file, path=example.test_path)
        self.names = [test.qualname for test in self._tests]
        self._graded: dict[frozenset[str], Execution] = {}

    def named(self, names: Collection[str]) -> tuple[TestCase, ...]:
        return tuple(test for test in self._tests if test.qualname in names)

    def are_fit(self, names: Collection[str]) -> bool:
        """Whether these pass without the others."""
        found = self.without({*self.names} - {*names})
        return found is None or found.status == "ok"

    def without(self, names: Collection[str]) -> Execution | None:
        """What becomes of the others; None where there is no other."""
        gone = frozenset(names)
        if gone.issuperset(self.names):
            return None
        found = self._graded.get(gone)
        if found is None:
            candidate = Candidate(self._example.test_path, self._file_without(gone), "")
            found = self._grader.once(self._example, candidate)
            if found.status != "infrastructure":
                self._graded[gone] = found
        return found

    def _file_without(self, gone: Collection[str]) -> str:
        cut = self.named(gone)
        file = self._example.test_file
        return self._grader.language.remove_tests(file, cut) if cut else file

    def too_long_without(self, names: Collection[str]) -> set[str]:
        """Of the others, those that take too many steps or end all, and the longest of what is
        left, as far as together they take more than their share of a candidate's seconds.
        """
        most = self._grader.config.sandbox.cpu_s
        share = _SHARE * most
        cell = self._grader.suite(
            self._example.test_path,
            test_source=self._file_without(names),
            traced=[self._example.function.path],
            imports=[self._example.function.module],
            each_s=share,
            timeout_s=_PATIENCE * most,
        )
        gone = {test for test, verdict in cell.outcomes if verdict not in _HARMLESS}
        if cell.end in _ENDS:
            ended = {test for test, _ in cell.outcomes}
            gone.update(itertools.islice((t for t in cell.collected if t not in ended), 1))
        bad = set(map(qualname_of, gone))
        seconds: dict[str, float] = {}
        for test, took in cell.took.items():
            name = qualname_of(test)
            seconds[name] = seconds.get(name, 0.0) + took
        left = sorted((n for n in seconds if n not in bad), key=lambda n: _size(seconds[n]))
        together = itertools.accumulate(seconds[name] for name in left)
        return bad.union(name for name, s in zip(left, together, strict=True) if s > share)


def _size(seconds: float) -> int:
    """Coarse, so that of tests that take about as long the first ones stay."""
    return round(math.log(max(seconds, 1e-3), 4))


def _failing(found: Execution) -> set[str]:
    """The tests that did not pass, and the one that was running when all ended, where others are
    known to have come to their end before it.
    """
    names = {test for test, verdict in found.outcomes.items() if verdict not in _HARMLESS}
    head, word, running = found.detail.rpartition(" in ")
    if found.outcomes and word and head in _ENDS:
        names.add(running)
    return set(map(qualname_of, names))


_HARMLESS = frozenset({"pass", "not_run"})
_ENDS = frozenset({"timeout", "crash", "out_of_memory"})


class _Runner:
    """For many tasks at once."""

    def __init__(
        self,
        grader: Grader,
        references: Mapping[str, Reference],
        baseline: Baseline,
        texts: Mapping[str, str],
        hidden: Mapping[str, Collection[TestKey]],
        ran: Ran,
    ) -> None:
        self._grader = grader
        self._references = references
        self._baseline = baseline
        self._texts = texts
        self._hidden = hidden
        self._ran = ran
        self._cells: dict[tuple[str, str | None, str], Cell] = {}
        self.done: set[str] = set()
        self.differing: dict[str, str] = {}
        self.corrected: dict[str, Coverage] = {}
        self.useless: set[str] = set()

    def check(self, example: FunctionExample, *, fully: bool) -> None:
        """The baseline by running what remains; where ``fully``, the reference too."""
        self.done.add(example.id)
        measured = self._measured(example)
        more = measured.lines - example.baseline.lines
        if more:
            self.differing[example.id] = f"lines {sorted(more)} are covered as well"
            self.corrected[example.id] = example.baseline | measured
            example = replace(example, baseline=example.baseline | measured)
        reference = self._references[example.id]
        removed = set(map(key_of, reference.tests))
        adds = self._baseline.surely(example.function, removed).lines - example.baseline.lines
        if not adds & example.executable.lines:
            self.useless.add(example.id)
            return
        if not fully:
            return
        cell = self._run(example.test_path, reference.test_file, example.function.path)
        ran = cell.covered.get(example.function.path, Coverage()).within(example.function.span)
        names = {test.qualname for test in reference.tests}
        bad = [
            name
            for name, verdict in cell.outcomes
            if verdict != "pass" and qualname_of(name) in names
        ]
        if bad or not (ran - example.baseline).lines & example.executable.lines:
            self.useless.add(example.id)
            why = f"{bad[0]} does not pass" if bad else "it covers no more"
            self.differing[example.id] = f"with its tests back in their places {why}"

    def _run(self, path: str, text: str | None, focal: str) -> Cell:
        """Once for every function of a file that asks the same."""
        asked = path, text, focal
        if asked not in self._cells:
            run = partial(self._grader.suite, path, test_source=text, traced=[focal])
            self._cells[asked] = self._ran(Cell, run, path, text or "", focal)
        return self._cells[asked]

    def _measured(self, example: FunctionExample) -> Coverage:
        """What the remaining tests that were ever seen in the function cover of it."""
        gone = set(map(key_of, self._references[example.id].tests))
        gone.update(self._hidden.get(example.id, ()))
        tests = set(self._baseline.tests_of(example.function)) - gone
        covered = Coverage()
        for path in sorted({path for path, _ in tests}):
            text = self._texts.get(path)
            if text is not None:
                there = self._grader.language.tests(text, path=path)
                lost = [test for test in there if key_of(test) in gone]
                text = self._grader.language.remove_tests(text, lost)
            cell = self._run(path, text, example.function.path)
            covered |= cell.covered.get(example.function.path, Coverage())
        return covered.within(example.function.span)

"""What importing a codebase and running its existing suite cover, and which tests can be trusted.

Everything runs in the sandbox, through ``Grader.suite``. The suite runs twice, the second time in
the opposite order and under another hash seed: a test counts as verified where it passed both
times. Each run tells of each test what it ran, so that the baseline of a suite without some of its
tests can be worked out (``Baseline.without``).

Where part of the suite fails the rest still counts; where a folder of tests cannot be run as a
whole, its files run one by one; where it takes too long, the files that came to their end count,
and the others run one by one for as long again. Where nothing can be run, the baseline is importing
alone, and ``SuiteReport.problem`` says so. Files whose tests and all that they ran are what they
were before are not run again (``cache``).
"""

import time
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from covet.errors import SandboxError
from covet.execute.grader import Grader
from covet.mine.cache import Cache, Kept
from covet.mine.collected import Collected, TestKey, key_of_id
from covet.mine.functions import Files
from covet.records import Coverage, Function, Verdict
from covet.sandbox.base import Cell, Ran

Place = tuple[str, int]
"""File and first line of a function."""


@dataclass(frozen=True, slots=True)
class SuiteReport:
    """What running the existing suite showed. Tests go by their pytest ids."""

    problem: str = ""
    """Why it could not be run at all; empty where at least a part of it was, or there is none."""
    passed: int = 0
    """How many passed in both runs."""
    failing: tuple[str, ...] = ()
    """Those that passed in neither."""
    unstable: tuple[str, ...] = ()
    """Those that passed in one of them."""
    not_run: dict[str, str] = field(default_factory=dict)
    """Test files that could not be run, with why."""
    said: dict[str, str] = field(default_factory=dict)
    """What some of the failing ones said, in a line."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a verified test was seen to run, in two runs."""

    collected: Collected
    always: Mapping[str, Coverage]
    """By source path: what it ran both times."""
    ever: Mapping[str, Coverage]
    """What it ran at least once: something may have been kept from another test the other time."""
    direct: frozenset[Place]
    """Functions that it called, with nothing else of the codebase's in between."""
    indirect: frozenset[Place]


@dataclass(frozen=True)
class Baseline:
    """What is known of a codebase before any new test."""

    imported: Mapping[str, Coverage]
    """By source path: what importing, and collecting the tests, runs."""
    not_imported: Mapping[str, str]
    """Module → why it cannot be imported."""
    seen: Mapping[TestKey, Seen]
    """The tests that pass, every time and with all their parameters."""
    suite: SuiteReport
    _last: dict[Place, Mapping[TestKey, tuple[Coverage, Coverage]]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    @cached_property
    def entered(self) -> Mapping[Place, tuple[TestKey, ...]]:
        """By function: the verified tests that ran it."""
        found: dict[Place, list[TestKey]] = defaultdict(list)
        for key, seen in self.seen.items():
            for place in seen.direct | seen.indirect:
                found[place].append(key)
        return {place: tuple(sorted(keys)) for place, keys in found.items()}

    @cached_property
    def covered(self) -> Mapping[str, Coverage]:
        """By source path: what importing and all verified tests run."""
        total = dict(self.imported)
        for seen in self.seen.values():
            _add(total, seen.ever)
        return total

    def knows(self, test: TestKey) -> bool:
        """Whether a test was seen running."""
        return test in self.seen

    def entering(self, place: Place) -> tuple[TestKey, ...]:
        """The verified tests that were seen to run a function."""
        return self.entered.get(place, ())

    def direct(self, test: TestKey) -> frozenset[Place]:
        return self.seen[test].direct

    def tests_of(self, function: Function) -> tuple[TestKey, ...]:
        """The verified tests that were seen to run a function, in the order of their names."""
        return self.entering(place_of(function))

    def of(self, function: Function) -> Coverage:
        """What importing and all verified tests cover of it."""
        return self.without(function, ())

    def without(self, function: Function, removed: Collection[TestKey]) -> Coverage:
        """What importing and the other verified tests cover of it."""
        covered = self.imported.get(function.path, Coverage()).within(function.span)
        return covered.joined(
            ran for key, (ran, _) in self._parts(function).items() if key not in removed
        )

    def ever(self, function: Function, tests: Collection[TestKey]) -> Coverage:
        """What those tests cover of it, whatever may have run before them."""
        parts = self._parts(function)
        return Coverage().joined(parts[key][0] for key in tests if key in parts)

    def surely(self, function: Function, tests: Collection[TestKey]) -> Coverage:
        """What those tests cover of it whatever ran before them."""
        parts = self._parts(function)
        return Coverage().joined(parts[key][1] for key in tests if key in parts)

    def _parts(self, function: Function) -> Mapping[TestKey, tuple[Coverage, Coverage]]:
        """What each test that was seen in it ever ran of it, and what it ran both times. Kept for
        the function that was asked for last: what a file's tests ran of the file is long.
        """
        place = place_of(function)
        known = self._last.get(place)
        if known is None:
            path, span = function.path, function.span
            none = Coverage()
            known = {
                key: (
                    self.seen[key].ever.get(path, none).within(span),
                    self.seen[key].always.get(path, none).within(span),
                )
                for key in self.tests_of(function)
            }
            self._last.clear()
            self._last[place] = known
        return known


def place_of(function: Function) -> Place:
    return function.path, function.span.first_line


def measure(
    grader: Grader,
    files: Files,
    *,
    test_paths: Sequence[str],
    cache: Cache | None = None,
    on_progress: Callable[[str], None],
) -> Baseline:
    """Import every module and run the tests at those paths (files or folders), twice."""
    modules = {source.module: source.path for source in files.sources}
    on_progress(f"importing {len(modules)} modules")
    imported, not_imported = _import_all(grader, modules)
    if not files.tests:
        return Baseline(imported, not_imported, {}, SuiteReport())
    known = cache.known(files, imported) if cache else {}
    left = [test.path for test in files.tests if test.path not in known]
    runs = _Runs(grader, files)
    if known and len(left) * 2 <= len(files.tests):
        told = len(files.tests) - len(left)
        on_progress(f"running the tests of {len(left)} files anew, twice; {told} are known")
        runs.run(left)
    else:
        on_progress(f"running the existing tests of {len(files.tests)} files, twice")
        known.clear()
        runs.run(test_paths)
    kept = {**runs.by_file(imported), **known}
    if cache and not runs.broken:
        cache.keep(files, kept)
    for ran in (ran for file in kept.values() for run in file.both for ran in run.ran):
        if not ran.test:
            _add(imported, ran.covered)
    report, verified = _judge(kept, runs.broken)
    return Baseline(imported, not_imported, _seen(kept, verified), report)


# ----------------------------------------------------------------------- the modules


def _import_all(
    grader: Grader, modules: Mapping[str, str]
) -> tuple[dict[str, Coverage], dict[str, str]]:
    """What importing covers, by path; the modules that cannot be imported, with why. It depends on
    too much to be kept: on what is installed, and on every file beside.

    All are imported in one process; where one fails, halves of them are, down to single ones.
    """
    covered: dict[str, Coverage] = {}
    failed: dict[str, str] = {}
    waiting = [list(modules)]
    while waiting:
        names = waiting.pop()
        cell = _run(grader, "", imports=names, traced=list(modules.values()))
        if cell.end == "done" and not cell.error:
            _add(covered, cell.covered)
        elif len(names) == 1:
            failed[names[0]] = _reason(cell)
        else:
            middle = len(names) // 2
            waiting += [names[:middle], names[middle:]]
    return covered, dict(sorted(failed.items()))


# ------------------------------------------------------------------------------ the suite


class _Runs:
    """Two runs of the suite, or of some of its files."""

    def __init__(self, grader: Grader, files: Files) -> None:
        self._grader = grader
        self._limit_s = grader.config.codebase.suite_timeout_s
        self._traced = [source.path for source in files.sources]
        self._files = [test.path for test in files.tests]
        self._first: dict[str, Cell] = {}
        self._second: dict[str, Cell] = {}
        """By file or folder."""
        self.broken: dict[str, str] = {}
        """Paths that could not be run, with why."""

    def run(self, paths: Sequence[str]) -> None:
        """Side by side; one file's one after the other, because starting a worker takes longer."""
        turns = (False, True)
        if len(paths) == 1 and paths[0] in self._files:
            for again in turns:
                self._run(paths, again=again)
        else:
            self._grader.side_by_side(lambda again: self._run(paths, again=again), turns)

    def _run(self, paths: Sequence[str], *, again: bool) -> None:
        kept = self._second if again else self._first
        waiting = list(paths)[::-1]
        deadline = None
        while waiting:
            path = waiting.pop()
            parts = [test for test in self._files if _lies_in(test, path)]
            left = deadline - time.monotonic() if deadline is not None else 0.0
            if deadline is not None and left <= 0:
                self.broken[path] = _LATE
                continue
            cell = _run(
                self._grader,
                path,
                traced=self._traced,
                by_test=True,
                again=again,
                timeout_s=min(left, self._limit_s * _SHARE) if deadline is not None else None,
            )
            if _is_usable(cell):
                kept[path] = cell
            elif path in parts:
                self.broken[path] = _reason(cell)
            elif cell.end == "timeout":
                deadline = deadline or time.monotonic() + self._limit_s
                done = _ended(cell)
                kept[path] = _only(cell, done | {""})
                waiting += [test for test in parts[::-1] if test not in done]
            else:
                waiting += parts[::-1]

    def by_file(self, imported: Mapping[str, Coverage]) -> dict[str, Kept]:
        """What is worth keeping of each file, beyond what importing covers."""
        found: dict[str, Kept] = defaultdict(Kept)
        for again, cells in enumerate((self._first, self._second)):
            for path, cell in cells.items():
                told = cell.detail.strip()  # of the first that does not pass
                for test, verdict in cell.outcomes:
                    name = f"{path}::{test}" if path.endswith(".py") else test
                    run = found[name.partition("::")[0]].both[again]
                    run.verdicts[name] = verdict
                    if told and verdict not in ("pass", "not_run"):
                        run.said[name], told = _said(told), ""
                for ran in cell.ran:
                    file = ran.test.partition("::")[0] or ran.path
                    more = {
                        source: covered - imported.get(source, Coverage())
                        for source, covered in ran.covered.items()
                    }
                    found[file].both[again].ran.append(replace(ran, covered=more))
                if cell.end != "done" or cell.error:
                    self.broken.setdefault(path, _reason(cell))
        return dict(found)


def _lies_in(path: str, folder: str) -> bool:
    return folder in {".", path} or path.startswith(f"{folder}/")


def _is_usable(cell: Cell) -> bool:
    """Whether a run came to its end and told of at least one test, or has none to tell of."""
    return cell.end == "done" and bool(cell.outcomes or not cell.error)


def _ended(cell: Cell) -> frozenset[str]:
    """The files of which all tests came to their end, in a run of several that did not."""
    files = [test.partition("::")[0] for test, _ in cell.outcomes]
    return frozenset(files) - frozenset(files[-1:])


def _only(cell: Cell, files: Collection[str]) -> Cell:
    """As if those had been all."""
    return replace(
        cell,
        end="done",
        outcomes=tuple(each for each in cell.outcomes if each[0].partition("::")[0] in files),
        ran=tuple(ran for ran in cell.ran if (ran.test.partition("::")[0] or ran.path) in files),
    )


def _judge(
    kept: Mapping[str, Kept], broken: Mapping[str, str]
) -> tuple[SuiteReport, frozenset[TestKey]]:
    once: dict[str, Verdict] = {}
    again: dict[str, Verdict] = {}
    for file in kept.values():
        once |= file.first.verdicts
        again |= file.second.verdicts
    ids = [*once, *(test for test in again if test not in once)]
    passed = [test for test in ids if once.get(test) == again.get(test) == "pass"]
    bad = [test for test in ids if not {once.get(test), again.get(test)} <= {"pass", "not_run"}]
    sometimes = [test for test in bad if "pass" in {once.get(test), again.get(test)}]
    said = {test: text for file in kept.values() for test, text in file.first.said.items()}
    report = SuiteReport(
        problem="" if once or again else next(iter(broken.values()), ""),
        passed=len(passed),
        failing=tuple(test for test in bad if test not in set(sometimes)),
        unstable=tuple(sometimes),
        not_run=dict(broken),
        said=said,
    )
    return report, frozenset(map(key_of_id, passed)) - frozenset(map(key_of_id, bad))


def _seen(kept: Mapping[str, Kept], verified: frozenset[TestKey]) -> dict[TestKey, Seen]:
    runs: dict[TestKey, list[Ran]] = defaultdict(list)
    for path in sorted(kept):
        for run in kept[path].both:
            for ran in filter(lambda ran: ran.test, run.ran):
                runs[key_of_id(ran.test)].append(ran)
    return {
        key: Seen(
            Collected(key, both[0].path, both[0].line, both[0].fixtures),
            _common(both),
            _union(both),
            direct := frozenset[Place]().union(*(ran.direct for ran in both)),
            frozenset[Place]().union(*(ran.indirect for ran in both)) - direct,
        )
        for key, both in runs.items()
        if key in verified
    }


def _add(total: dict[str, Coverage], more: Mapping[str, Coverage]) -> None:
    """By path."""
    for path, coverage in more.items():
        total[path] = total.get(path, Coverage()) | coverage


def _union(runs: Sequence[Ran]) -> dict[str, Coverage]:
    total: dict[str, Coverage] = {}
    for ran in runs:
        _add(total, ran.covered)
    return total


def _common(runs: Sequence[Ran]) -> dict[str, Coverage]:
    first, *others = runs
    common = first.covered
    for ran in others:
        common = {path: ran.covered.get(path, Coverage()) & c for path, c in common.items()}
    return common


# -------------------------------------------------------------------------------- one run


def _run(
    grader: Grader,
    path: str,
    *,
    imports: Sequence[str] = (),
    traced: Sequence[str] = (),
    by_test: bool = False,
    again: bool = False,
    timeout_s: float | None = None,
) -> Cell:
    cell = grader.suite(
        path, imports=imports, traced=traced, by_test=by_test, again=again, timeout_s=timeout_s
    )
    if cell.end == "infrastructure":
        raise SandboxError(
            f"{grader.layout.root}: the sandbox failed while running {path or 'imports'}:"
            f" {cell.detail or 'no detail'}"
        )
    return cell


def _said(report: str) -> str:
    """The line of a failing test's traceback that says what went wrong, for people."""
    lines = [line for line in report.splitlines() if line[:1].strip()]
    return lines[-1][:_REASON_CHARACTERS] if lines else ""


def _reason(cell: Cell) -> str:
    """The last line of what went wrong, for people."""
    if cell.end == "timeout":
        return _LATE
    text = (cell.error or cell.detail).strip()
    last = text.splitlines()[-1][:_REASON_CHARACTERS] if text else ""
    return last if cell.end == "done" else f"{cell.end}: {last}".rstrip(": ")


_REASON_CHARACTERS = 300
_LATE = "timeout: it takes longer than codebase.suite_timeout_s"
_SHARE = 0.1
"""Of that setting, for one file where all together took too long."""

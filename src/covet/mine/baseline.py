"""What importing a codebase and running its existing suite cover, and which tests can be trusted.

Everything runs in the sandbox, through ``Grader.suite``. The suite runs twice: a test counts as
verified where it passed in both runs. Where part of it fails the rest still counts; where a folder
of tests cannot be run as a whole, its files run one by one; where nothing can be run, the baseline
is importing alone, and ``SuiteReport.problem`` says so.

Coverage is of whole runs: lines that only a failing test reaches count as covered too.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from covet.errors import SandboxError
from covet.execute.grader import Grader
from covet.mine.functions import Files
from covet.records import Coverage, Verdict
from covet.sandbox.base import Cell

TestKey = tuple[str, str]
"""Path and qualname of a test."""


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


@dataclass(frozen=True, slots=True)
class Baseline:
    """What is known of a codebase before any new test."""

    covered: Mapping[str, Coverage]
    """By source path."""
    not_imported: Mapping[str, str]
    """Module → why it cannot be imported."""
    verified: frozenset[TestKey]
    """The tests that pass, every time and with all their parameters."""
    suite: SuiteReport

    def of(self, path: str) -> Coverage:
        return self.covered.get(path, Coverage())


def measure(
    grader: Grader,
    files: Files,
    *,
    test_paths: Sequence[str],
    on_progress: Callable[[str], None],
) -> Baseline:
    """Import every module and run the tests at those paths (files or folders), twice."""
    covered: dict[str, Coverage] = defaultdict(Coverage)
    modules = {source.module: source.path for source in files.sources}
    on_progress(f"importing {len(modules)} modules")
    not_imported = _import_all(grader, modules, covered)
    if not files.tests:
        return Baseline(covered, not_imported, frozenset(), SuiteReport())
    on_progress(f"running the existing tests of {len(files.tests)} files, twice")
    runs = _run_suite(grader, files, test_paths, covered)
    report, verified = _judge(runs)
    return Baseline(covered, not_imported, verified, report)


# ----------------------------------------------------------------------- the modules


def _import_all(
    grader: Grader, modules: Mapping[str, str], covered: dict[str, Coverage]
) -> dict[str, str]:
    """Add what importing covers; gives the modules that cannot be imported, with why.

    All are imported in one process; where one fails, halves of them are, down to single ones.
    """
    failed: dict[str, str] = {}
    waiting = [list(modules)]
    while waiting:
        names = waiting.pop()
        cell = _run(grader, "", imports=names, traced=list(modules.values()))
        if cell.end == "done" and not cell.error:
            _add(covered, cell)
        elif len(names) == 1:
            failed[names[0]] = _reason(cell)
        else:
            middle = len(names) // 2
            waiting += [names[:middle], names[middle:]]
    return dict(sorted(failed.items()))


# ------------------------------------------------------------------------------ the suite


@dataclass(frozen=True, slots=True)
class _Runs:
    """What two runs of the suite showed; a path is a file or a folder."""

    first: Mapping[str, Cell]
    second: Mapping[str, Cell]
    broken: Mapping[str, str]
    """Paths that could not be run, with why."""


def _run_suite(
    grader: Grader, files: Files, test_paths: Sequence[str], covered: dict[str, Coverage]
) -> _Runs:
    """The first run is traced, and decides what can be run at all."""
    traced = [source.path for source in files.sources]
    first: dict[str, Cell] = {}
    broken: dict[str, str] = {}
    waiting = list(test_paths)[::-1]
    while waiting:
        path = waiting.pop()
        cell = _run(grader, path, traced=traced)
        parts = [test.path for test in files.tests if _lies_in(test.path, path)]
        if _is_usable(cell):
            first[path] = cell
            _add(covered, cell)
        elif path in parts or cell.end == "timeout":
            broken[path] = _reason(cell)
        else:
            waiting += parts[::-1]
    second = {path: _run(grader, path) for path in first}
    return _Runs(first, second, broken)


def _lies_in(path: str, folder: str) -> bool:
    return folder in {".", path} or path.startswith(f"{folder}/")


def _is_usable(cell: Cell) -> bool:
    """Whether a run came to its end and told of at least one test, or has none to tell of."""
    return cell.end == "done" and bool(cell.outcomes or not cell.error)


def _judge(runs: _Runs) -> tuple[SuiteReport, frozenset[TestKey]]:
    once, again = _verdicts(runs.first), _verdicts(runs.second)
    ids = [*once, *(test for test in again if test not in once)]
    passed = [test for test in ids if once.get(test) == again.get(test) == "pass"]
    bad = [test for test in ids if not {once.get(test), again.get(test)} <= {"pass", "not_run"}]
    sometimes = [test for test in bad if "pass" in {once.get(test), again.get(test)}]
    not_run = dict(runs.broken)
    for cells in (runs.first, runs.second):
        not_run |= {path: _reason(cell) for path, cell in cells.items() if _is_partial(cell)}
    report = SuiteReport(
        problem="" if runs.first else next(iter(runs.broken.values()), ""),
        passed=len(passed),
        failing=tuple(test for test in bad if test not in sometimes),
        unstable=tuple(sometimes),
        not_run=not_run,
    )
    return report, frozenset(map(_key, passed)) - frozenset(map(_key, bad))


def _is_partial(cell: Cell) -> bool:
    return cell.end != "done" or bool(cell.error)


def _verdicts(cells: Mapping[str, Cell]) -> dict[str, Verdict]:
    """By pytest id, the file's name included."""
    return {
        (f"{path}::{test}" if path.endswith(".py") else test): verdict
        for path, cell in cells.items()
        for test, verdict in cell.outcomes
    }


def _key(test: str) -> TestKey:
    """``tests/test_a.py::TestB::test_c[1-x]`` → (``tests/test_a.py``, ``TestB.test_c``)."""
    path, *names = test.partition("[")[0].split("::")
    return path, ".".join(names)


# -------------------------------------------------------------------------------- one run


def _run(
    grader: Grader, path: str, *, imports: Sequence[str] = (), traced: Sequence[str] = ()
) -> Cell:
    cell = grader.suite(path, imports=imports, traced=traced)
    if cell.end == "infrastructure":
        raise SandboxError(
            f"{grader.layout.root}: the sandbox failed while running {path or 'imports'}:"
            f" {cell.detail or 'no detail'}"
        )
    return cell


def _add(covered: dict[str, Coverage], cell: Cell) -> None:
    for path, coverage in cell.covered.items():
        covered[path] |= coverage


def _reason(cell: Cell) -> str:
    """The last line of what went wrong, for people."""
    if cell.end == "timeout":
        return "timeout: it takes longer than codebase.suite_timeout_s"
    text = (cell.error or cell.detail).strip()
    last = text.splitlines()[-1][:_REASON_CHARACTERS] if text else ""
    return last if cell.end == "done" else f"{cell.end}: {last}".rstrip(": ")


_REASON_CHARACTERS = 300

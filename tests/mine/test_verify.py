"""Tasks that are really run, in codebases where what tests show depends on each other."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from covet import config
from covet.execute.grader import Grader, open_grader
from covet.mine import Mined, mine, verify
from covet.mine.baseline import measure
from covet.mine.functions import read_files
from covet.records import Execution, FunctionExample

KEEPS = """\
KEPT = {}


def double(n, loud=False):
    if n not in KEPT:
        KEPT[n] = n * 2
    if loud:
        return -KEPT[n]
    return KEPT[n]


def half(n):
    if n % 2:
        raise ValueError(n)
    return n // 2
"""
TESTS = """\
import pytest

from keeps import KEPT, double, half


def test_double_first():
    KEPT.clear()
    assert double(1, loud=True) == -2


def test_double_kept():
    assert double(1) == 2


def test_double_last():
    KEPT.clear()
    assert double(1) == 2


def test_half():
    assert half(4) == 2


def test_half_of_odd():
    with pytest.raises(ValueError, match="3"):
        half(3)
"""
"""In either order ``test_double_kept`` finds what the test before it kept."""
ALL_WAYS = ("mine.variants=99",)
PLAIN = ("sandbox.workers=2", "sandbox.isolation=none", "mine.server=''", "mine.cache=false")


@contextmanager
def opened(root: Path, files: dict[str, str], *overrides: str) -> Iterator[Grader]:
    for name, text in files.items():
        (root / name).write_text(text)
    with open_grader(root, config.load(overrides=[*PLAIN, *overrides])) as grader:
        yield grader


def mined(root: Path, files: dict[str, str], *overrides: str) -> Mined:
    with opened(root, files, *overrides) as grader:
        return mine(grader, grader.config)


def by_removed(found: Mined) -> dict[frozenset[str], FunctionExample]:
    """By the names of the tests that were removed, as far as they are ``double``'s."""
    return {
        frozenset(test.qualname.removeprefix("test_double_") for test in reference.tests): example
        for example in found.dataset.examples
        if example.function.qualname == "double"
        for reference in [found.references[example.id]]
    }


def gap(example: FunctionExample) -> set[int]:
    return set(example.executable.lines - example.baseline.lines)


BOTH = frozenset({"first", "last"})
FILES = {"keeps.py": KEEPS, "test_keeps.py": TESTS}


def test_without_a_check_the_baseline_is_wrong_where_a_test_keeps_something(tmp_path: Path) -> None:
    found = mined(tmp_path, FILES, *ALL_WAYS, "mine.check=0")
    assert gap(by_removed(found)[BOTH]) == {6, 8}
    assert (found.dataset.report.checked, found.dataset.report.differing) == (0, {})


def test_a_wrong_baseline_is_named_and_what_was_measured_counts(tmp_path: Path) -> None:
    found = mined(tmp_path, FILES, *ALL_WAYS, "mine.check=99")
    ways = by_removed(found)
    assert {way: gap(example) for way, example in ways.items()} == {
        frozenset({"first", "kept", "last"}): {5, 6, 7, 8, 9},
        BOTH: {8},
        frozenset({"first"}): {8},
        frozenset({"first", "kept"}): {8},
        frozenset({"kept", "last"}): {9},
    }
    report = found.dataset.report
    assert report.differing == {ways[BOTH].id: "lines [6] are covered as well"}
    assert report.checked == report.removed == len(found.dataset.examples)
    assert "its reference does not hold when it is run" not in report.dropped


def test_a_task_whose_tests_add_nothing_when_it_is_run_is_none(tmp_path: Path) -> None:
    quiet = TESTS.replace("double(1, loud=True) == -2", "double(1) == 2")
    found = mined(tmp_path, FILES | {"test_keeps.py": quiet}, *ALL_WAYS, "mine.check=99")
    assert set(by_removed(found)) == {frozenset({"first", "kept", "last"})}
    assert found.dataset.report.dropped == {"its reference does not hold when it is run": 1}
    assert set(found.references) == {example.id for example in found.dataset.examples}


def drawn(grader: Grader, *, seeds: int) -> dict[frozenset[str], verify.Checked]:
    """Of the tasks that were made without a check, one is drawn; by what then turned out useless,
    over a few seeds."""
    found = mine(grader, grader.config)
    files = read_files(grader.layout, grader.config.codebase, language=grader.language)
    baseline = measure(grader, files, test_paths=(".",), on_progress=lambda _: None)
    runs = [
        verify.check(
            grader,
            found.dataset.examples,
            found.references,
            baseline=baseline,
            texts={test.path: test.text for test in files.tests},
            hidden={},
            most=1,
            seed=seed,
            ran=lambda _kind, make, _path, *_content: make(),
        )
        for seed in range(seeds)
    ]
    return {checked.useless: checked for checked in runs}


ONE_CODE = """\
KEPT_{0} = {{}}


def {0}(n):
    if n not in KEPT_{0}:
        KEPT_{0}[n] = n * {1}
    return KEPT_{0}[n]
"""
ONE_TESTS = """\
def test_{0}_first():
    keeps.KEPT_{0}.clear()
    assert keeps.{0}(1) == {1}


def test_{0}_kept():
    assert keeps.{0}(1) == {1}


def test_{0}_last():
    keeps.KEPT_{0}.clear()
    assert keeps.{0}(1) == {1}
"""
TWO_OF_A_KIND = {
    "keeps.py": "\n\n".join(ONE_CODE.format(*one) for one in (("double", 2), ("triple", 3))),
    "test_keeps.py": "import keeps\n\n\n"
    + "\n\n".join(ONE_TESTS.format(*one) for one in (("double", 2), ("triple", 3))),
    "more.py": "def half(n):\n    return n // 2\n",
    "test_more.py": "from more import half\n\n\ndef test_half():\n    assert half(4) == 2\n",
}
"""Each caching function has one way that adds nothing when it is run, and one that holds."""


def test_where_one_task_differs_all_tasks_of_its_file_are_measured(tmp_path: Path) -> None:
    with opened(tmp_path, TWO_OF_A_KIND, *ALL_WAYS, "mine.check=0") as grader:
        found = drawn(grader, seeds=8)
    none, both = sorted(found, key=len)
    assert (none, found[none].run, found[none].differing) == (frozenset(), 1, {})
    assert {name.partition("#")[0] for name in both} == {"keeps.py::double", "keeps.py::triple"}
    assert found[both].run == 4
    assert found[both].differing.keys() == both


PLAIN_CODE = """\
def double(n, loud=False):
    if loud:
        return -2 * n
    return 2 * n


def half(n):
    if n % 2:
        raise ValueError(n)
    return n // 2
"""
SLOW = """\
import pytest

from plain import double, half


def test_double():
    assert double(1) == 2


class TestLong:
    def test_loud(self):
        for _ in range(300_000):
            pass
        assert double(1, loud=True) == -2

    @pytest.mark.parametrize("most", [1, 300_000])
    def test_half(self, most):
        for _ in range(most):
            pass
        assert half(4) == 2
"""


@pytest.fixture(scope="module")
def slow(tmp_path_factory: pytest.TempPathFactory) -> Mined:
    files = {"plain.py": PLAIN_CODE, "test_plain.py": SLOW}
    return mined(tmp_path_factory.mktemp("slow"), files, *ALL_WAYS)


def test_a_test_that_passes_only_without_a_candidates_limits_is_named(slow: Mined) -> None:
    report = slow.dataset.report
    assert (report.suite.passed, report.suite.failing) == (4, ())
    assert report.unfit == (
        "test_plain.py::TestLong::test_loud",
        "test_plain.py::TestLong::test_half",
    )


def test_a_test_that_no_candidate_could_stand_beside_is_in_no_row(slow: Mined) -> None:
    assert {example.function.qualname for example in slow.dataset.examples} == {"double", "half"}
    for example in slow.dataset.examples:
        assert "TestLong" not in example.test_file
        shown = {test.qualname for test in (*example.tests, *example.similar)}
        assert shown <= {"test_double"}
    for reference in slow.references.values():
        assert "TestLong" not in reference.test_file + reference.answer


def test_what_such_a_test_covers_counts_nevertheless(slow: Mined) -> None:
    """``half`` but for what it raises, and the loud way of ``double``."""
    gaps = {example.function.qualname: gap(example) for example in slow.dataset.examples}
    assert gaps == {"double": {4}, "half": {9}}


MANY = """\
import time

from plain import double, half


def test_double():
    assert double(1) == 2


""" + "".join(
    f"""\
def test_{n}():
    end = time.process_time() + 0.2
    while time.process_time() < end:
        pass
    assert half({n * 2}) == {n}


"""
    for n in range(8)
)


def test_of_many_tests_that_take_too_long_together_the_first_stay(tmp_path: Path) -> None:
    files = {"plain.py": PLAIN_CODE, "test_plain.py": MANY}
    report = mined(tmp_path, files, "sandbox.steps=0", "sandbox.cpu_s=1").dataset.report
    assert report.suite.passed == 9
    long = [f"test_plain.py::test_{n}" for n in range(8)]
    assert set(report.unfit) < set(long), "one of them is shown at least"
    assert report.unfit == tuple(long[-len(report.unfit) :]), "the last ones are left out"


INNER = "def inner(n):\n    if n:\n        return 1\n    return 0\n"
OUTER = "from inner import inner\n\n\ndef outer(n):\n    return inner(n) + 1\n"
HIDDEN = {
    "inner.py": INNER,
    "outer.py": OUTER,
    "test_inner.py": "from inner import inner\n\n\ndef test_inner():\n    assert inner(1) == 1\n",
    "test_outer.py": "from outer import outer\n\n\ndef test_outer():\n    assert outer(1) == 2\n",
}


@pytest.mark.parametrize(("hide", "gained"), [("true", {2, 3, 4}), ("false", {4})])
def test_what_is_hidden_on_purpose_is_no_difference(
    tmp_path: Path, hide: str, gained: set[int]
) -> None:
    found = mined(tmp_path, HIDDEN, f"mine.hide_indirect={hide}", "mine.check=99")
    examples = {example.function.qualname: example for example in found.dataset.examples}
    assert gap(examples["inner"]) == gained
    assert found.dataset.report.differing == {}
    assert found.dataset.report.checked == found.dataset.report.removed > 0


def test_what_the_infrastructure_loses_does_not_count_against_existing_tests(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    examples = mined(tmp_path, FILES).dataset.examples
    example = next(e for e in examples if e.test_file.count("def test") > 2)
    with open_grader(tmp_path, config.load()) as grader:
        answers = iter([Execution("infrastructure")])
        once = grader.once
        monkeypatch.setattr(grader, "once", lambda *job: next(answers, None) or once(*job))
        assert verify.unfit(grader, example) == ()

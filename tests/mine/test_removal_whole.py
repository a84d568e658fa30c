"""A small codebase, mined as by default: what its tasks say is found again by running pytest."""

import shutil
from pathlib import Path

import pytest

from covet import config
from covet.execute.grader import Grader, open_grader
from covet.languages.python import PYTHON
from covet.mine import Mined, mine
from covet.records import FunctionExample, Reference

CODEBASE = Path(__file__).resolve().parent.parent / "codebases" / "mine_removal"
SETTINGS = config.load(overrides=["sandbox.workers=2", "mine.cache=false", "mine.heldout=0.3"])


@pytest.fixture(scope="module")
def mined() -> Mined:
    """With a language server."""
    with open_grader(CODEBASE, SETTINGS) as grader:
        return mine(grader, SETTINGS)


def removals(mined: Mined) -> list[tuple[FunctionExample, Reference]]:
    return [(each, mined.references[each.id]) for each in mined.dataset.examples]


def test_every_function_that_tests_surely_cover_becomes_tasks(mined: Mined) -> None:
    report = mined.dataset.report
    assert {example.function.qualname for example in mined.dataset.examples} == {
        *("grams", "scale", "Recipe.add", "Recipe.for_guests", "Recipe.weight", "Stock.take"),
        *("shopping", "cook", "price", "cheapest", "plural", "listing"),
    }
    assert report.dropped == {"the existing suite covers it": 4}
    assert report.removed == report.checked + 2 == len(mined.dataset.examples) == 22
    assert report.differing == {}
    assert (report.suite.passed, report.suite.failing, report.suite.unstable) == (30, (), ())


def test_ways_of_one_function_are_numbered_and_differ(mined: Mined) -> None:
    ids = [example.id for example in mined.dataset.examples]
    assert len(set(ids)) == len(ids)
    assert {"pantry/stock.py::Stock.take#1", "pantry/stock.py::Stock.take#2"} < set(ids)
    assert "pantry/recipes.py::Recipe.weight" in ids
    ways = {(e.function, tuple(t.qualname for t in r.tests)) for e, r in removals(mined)}
    assert len(ways) == len(ids)


@pytest.fixture(scope="module")
def coverage(mined: Mined, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[set[int]]]:
    """By example: what the whole suite covers of its function without the removed tests, with
    them in their places, and with the answer at the end of the file that the policy is shown.
    """
    root = tmp_path_factory.mktemp("copy") / "code"
    shutil.copytree(CODEBASE, root, ignore=shutil.ignore_patterns("__pycache__"))
    found: dict[str, list[set[int]]] = {}
    with open_grader(root, SETTINGS) as grader:
        for example, reference in removals(mined):
            path = root / example.test_path
            original = path.read_text()
            there = PYTHON.tests(original, path=example.test_path)
            gone = {test.qualname for test in reference.tests}
            left = PYTHON.remove_tests(original, [t for t in there if t.qualname in gone])
            found[example.id] = [
                ran(grader, example, path, left),
                ran(grader, example, path, original),
                ran(grader, example, path, PYTHON.insert_tests(left, reference.answer)),
            ]
            path.write_text(original)
    return found


def ran(grader: Grader, example: FunctionExample, path: Path, text: str) -> set[int]:
    """Lines of the function, with that text in the place of its test file; all tests pass."""
    path.write_text(text)
    focal = example.function
    cell = grader.suite(".", traced=[focal.path], imports=[focal.module])
    assert (cell.end, cell.error) == ("done", "")
    assert {verdict for _, verdict in cell.outcomes} == {"pass"}
    covered = cell.covered[focal.path].within(focal.span).lines
    return set(covered & example.executable.lines)


def test_restoring_the_reference_raises_the_coverage_of_every_task(
    mined: Mined, coverage: dict[str, list[set[int]]]
) -> None:
    assert len(coverage) == len(mined.dataset.examples)
    for example in mined.dataset.examples:
        without, restored, answered = coverage[example.id]
        assert without < restored, example.id
        assert without == example.baseline.lines & example.executable.lines, example.id
        assert answered == restored, example.id


def test_what_the_two_sides_see_has_nothing_in_common(mined: Mined) -> None:
    training = mined.dataset.split("train")
    held = mined.dataset.split("heldout")
    assert training
    assert held
    assert not {e.function.path for e in training} & {e.function.path for e in held}
    about_held = {
        (test.path, test.qualname)
        for example in held
        for test in (*example.tests, *mined.references[example.id].tests)
    }
    for example in training:
        reference = mined.references[example.id]
        shown = {
            (test.path, test.qualname)
            for test in (
                *(*example.tests, *example.similar, *reference.tests),
                *PYTHON.tests(example.test_file, path=example.test_path),
                *PYTHON.tests(reference.test_file, path=example.test_path),
            )
        }
        assert not shown & about_held, example.id
        assert not any(e.function.source in example.source_file for e in held)


def test_a_file_of_tests_for_two_modules_is_divided(mined: Mined) -> None:
    """``test_kitchen.py`` tests recipes and plans, of which one side trains."""
    seen = {
        example.split: {t.qualname for t in PYTHON.tests(example.test_file, path="t.py")}
        for example in mined.dataset.examples
        if example.test_path == "tests/test_kitchen.py"
    }
    assert set(seen) == {"train", "heldout"}
    assert not {name for name in seen["train"] if name.startswith(("test_cook", "test_shopping"))}
    assert {"TestRecipe.test_add", "TestRecipe.test_weight"} & seen["heldout"]
    whole = PYTHON.tests((CODEBASE / "tests/test_kitchen.py").read_text(), path="t.py")
    assert seen["train"] | seen["heldout"] <= {test.qualname for test in whole}


def test_links_tell_how_a_test_is_known_to_test_the_function(mined: Mined) -> None:
    links = {
        example.id: {test.qualname: set(test.evidence) for test in example.tests}
        for example in mined.dataset.examples
    }
    assert links["pantry/amounts.py::grams#2"] == {"test_grams": {"name", "reference", "direct"}}
    assert links["pantry/recipes.py::Recipe.add#2"]["TestRecipe.test_weight"] == {
        "reference",
        "direct",
    }


def test_without_a_language_server_the_same_is_removed(mined: Mined) -> None:
    settings = config.load(
        overrides=["sandbox.workers=2", "mine.cache=false", "mine.heldout=0.3", "mine.server=''"]
    )
    with open_grader(CODEBASE, settings) as grader:
        found = mine(grader, settings)
    assert found.references == mined.references

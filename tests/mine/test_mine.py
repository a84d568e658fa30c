import shutil
import sysconfig
import venv
from pathlib import Path

import pytest

from covet import config, nano
from covet.cli.demo import PRESET
from covet.execute.grader import open_grader
from covet.languages.python import PYTHON
from covet.mine import Mined, locate, mine, read, write
from covet.prompt import load_template, render
from covet.records import FunctionExample

CODEBASES = Path(__file__).resolve().parent.parent / "codebases"


def mined(path: Path, *overrides: str) -> Mined:
    """With a worker or two, as the command line would, and without what only costs time."""
    root, within = locate(path)
    plain = ["sandbox.workers=2", "codebase.suite_timeout_s=60", "mine.server=''"]
    settings = config.load(overrides=[*plain, "mine.cache=false", *overrides])
    with open_grader(root, settings) as grader:
        return mine(grader, settings, within=within)


def by_name(found: Mined) -> dict[str, FunctionExample]:
    return {example.function.qualname: example for example in found.dataset.examples}


@pytest.fixture(scope="module")
def shop() -> Mined:
    return mined(CODEBASES / "mine_src")


@pytest.fixture(scope="module")
def whole() -> Mined:
    """Of the same codebase with nothing removed."""
    return mined(CODEBASES / "mine_src", "mine.variants=0", "mine.server=pyrefly")


def test_an_example_is_made_of_every_function_that_leaves_a_gap(whole: Mined):
    assert set(by_name(whole)) == {"total", "discount", "Cart.add", "Cart.size", "left"}
    assert (whole.references, whole.dataset.report.removed) == ({}, 0)


def test_functions_that_the_suite_covers_become_tasks_by_removing_tests(shop: Mined):
    examples = shop.dataset.examples
    made = {example.function.qualname: example for example in examples}
    assert set(made) - set(by_name_of(shop, made=False)) == {
        "Cart.__init__",
        "Cart.add",
        "Cart.total",
        "discount",
        "is_free",
    }
    assert shop.dataset.report.removed == len(shop.references) == 5
    assert shop.dataset.report.dropped == {"its module cannot be imported": 1}
    free = made["is_free"]
    assert [test.qualname for test in shop.references[free.id].tests] == ["test_is_free"]
    assert free.executable.lines - free.baseline.lines == free.executable.lines


def by_name_of(found: Mined, *, made: bool) -> dict[str, FunctionExample]:
    """Those that were made by removing tests, or the others."""
    return {
        name: each for name, each in by_name(found).items() if (each.id in found.references) == made
    }


def test_removed_tests_are_in_no_part_of_their_example(shop: Mined):
    for example in by_name_of(shop, made=True).values():
        removed = shop.references[example.id].tests
        shown = {test.qualname for test in (*example.tests, *example.similar)}
        for test in removed:
            assert test.path == example.test_path
            assert test.qualname not in shown
            assert f"def {test.qualname.rpartition('.')[2]}(" not in example.test_file


def test_every_function_is_an_example_or_counted_with_the_reason(whole: Mined):
    report = whole.dataset.report
    assert report.dropped == {
        "its module cannot be imported": 1,
        "the existing suite covers it": 3,
    }
    kept = sum(report.examples.values())
    assert kept == len(whole.dataset.examples)
    assert kept + sum(report.dropped.values()) == report.functions


@pytest.mark.parametrize(("gaps_only", "kept"), [(True, 0), (False, 1)])
def test_whether_covered_functions_are_kept_is_a_setting(
    tmp_path: Path, gaps_only: bool, kept: int
):
    (tmp_path / "a.py").write_text("def f():\n    return 1\n\n\nONE = f()\n")
    dataset = mined(tmp_path, f"mine.gaps_only={str(gaps_only).lower()}").dataset
    assert len(dataset.examples) == kept
    assert sum(dataset.report.dropped.values()) == 1 - kept


def test_of_two_copies_of_a_function_one_is_kept(tmp_path: Path):
    for name in ("a.py", "b.py"):
        (tmp_path / name).write_text("def f():\n    return 1\n")
    dataset = mined(tmp_path).dataset
    assert [example.id for example in dataset.examples] == ["a.py::f"]
    assert dataset.report.dropped == {"a copy of another": 1}


def test_the_baseline_is_what_importing_and_the_suite_cover_of_the_function(whole: Mined):
    example = by_name(whole)["discount"]
    lines = example.function.source.splitlines()
    first = example.function.span.first_line

    def shown(numbers: frozenset[int]) -> list[str]:
        return [lines[number - first].strip() for number in sorted(numbers)]

    assert shown(example.executable.lines - example.baseline.lines) == ["return 0"]
    branches = {(a - first, b - first) for a, b in example.baseline.branches}
    assert branches == {(1, 3)}


def test_a_function_that_no_test_reaches_has_only_its_header_covered(shop: Mined):
    example = by_name(shop)["left"]
    assert example.baseline.lines == {example.function.span.first_line}
    assert not example.executable.lines & example.baseline.lines


def test_a_module_that_cannot_be_imported_is_named_with_the_reason(shop: Mined):
    report = shop.dataset.report
    assert list(report.not_imported) == ["shop.needy"]
    assert "a_library_that_is_not_there" in report.not_imported["shop.needy"]


def test_a_file_that_cannot_be_parsed_is_named(shop: Mined):
    assert list(shop.dataset.report.unreadable) == ["src/shop/broken.py"]


@pytest.mark.parametrize("name", ["shop", "whole"])
def test_a_failing_test_is_named_and_in_no_prompt(name: str, request: pytest.FixtureRequest):
    found: Mined = request.getfixturevalue(name)
    assert "tests/test_prices.py::test_wrong" in found.dataset.report.suite.failing
    for example in found.dataset.examples:
        assert "test_wrong" not in example.test_file
        assert "test_wrong" not in {t.qualname for t in (*example.tests, *example.similar)}
    assert all("test_wrong" not in each.test_file for each in found.references.values())


@pytest.mark.parametrize("name", ["shop", "whole"])
def test_a_test_that_fails_now_and_then_is_named_and_in_no_prompt(
    name: str, request: pytest.FixtureRequest
):
    found: Mined = request.getfixturevalue(name)
    suite = found.dataset.report.suite
    assert suite.unstable
    assert all("test_cart.py::test_size[" in test for test in suite.unstable)
    example = by_name(found)["Cart.size"]
    assert "test_size" not in example.test_file
    assert example.tests == ()


def test_the_rest_of_a_suite_that_fails_in_part_counts(shop: Mined):
    assert shop.dataset.report.suite.problem == ""
    assert shop.dataset.report.suite.passed >= 6


def linked(found: Mined, name: str) -> dict[str, str]:
    return {test.qualname: " ".join(test.evidence) for test in by_name(found)[name].tests}


def test_tests_are_linked_by_running_by_a_language_server_and_by_names(whole: Mined):
    assert linked(whole, "total") == {
        "test_total": "name reference direct",
        "test_total_of_nothing": "name reference direct",
    }
    assert linked(whole, "Cart.add") == {
        "TestCart.test_add": "name reference direct",
        "TestCart.test_total": "import reference direct",
    }
    assert linked(whole, "discount") == {"test_discount_1": "name reference direct"}
    assert whole.dataset.report.links == {"direct": 5, "import": 1, "name": 4, "reference": 5}


def test_a_test_that_only_runs_by_the_way_is_no_test_of_the_function(whole: Mined):
    """``TestCart.test_total`` runs ``total`` by way of ``Cart.total``."""
    assert "TestCart.test_total" not in linked(whole, "total")
    total = by_name(whole)["total"]
    assert total.executable.lines - total.baseline.lines == {8}


def test_without_a_language_server_running_and_names_are_left(shop: Mined):
    assert linked(shop, "total") == {
        "test_total": "name direct",
        "test_total_of_nothing": "name direct",
    }


def test_a_test_is_trusted_where_it_passes_in_both_orders_and_under_two_hash_seeds(tmp_path: Path):
    (tmp_path / "a.py").write_text("def f(n):\n    return n + 1\n\n\ndef g(n):\n    return n - 1\n")
    (tmp_path / "test_a.py").write_text(
        "import os\n\nfrom a import f\n\nSEEN = []\n\n\n"
        "def test_first():\n    SEEN.append(f(1))\n\n\n"
        "def test_needs_the_first():\n    assert SEEN\n\n\n"
        "def test_needs_a_seed():\n    assert os.environ['PYTHONHASHSEED'] == '0'\n\n\n"
        "def test_always():\n    assert f(1) == 2\n"
    )
    found = mined(tmp_path)
    assert set(found.dataset.report.suite.unstable) == {
        "test_a.py::test_needs_the_first",
        "test_a.py::test_needs_a_seed",
    }
    assert found.dataset.report.suite.passed == 2
    assert "test_needs" not in by_name(found)["g"].test_file
    assert "test_always" in by_name(found)["g"].test_file


def test_the_test_file_is_the_modules_own_with_everything_but_doubtful_tests(whole: Mined):
    example = by_name(whole)["total"]
    assert example.test_path == "tests/test_prices.py"
    assert "def cheap():" in example.test_file
    for test in example.tests:
        if test.path == example.test_path:
            lines = example.test_file.splitlines(keepends=True)
            span = test.span
            assert "".join(lines[span.first_line - 1 : span.last_line]) == test.source


def test_a_module_without_tests_gets_a_file_where_the_others_are(shop: Mined):
    example = by_name(shop)["left"]
    assert (example.test_path, example.test_file) == ("tests/test_stock.py", "")


@pytest.fixture(scope="module")
def beside() -> Mined:
    return mined(CODEBASES / "mine_beside")


def test_mining_twice_gives_the_same_bytes(beside: Mined, tmp_path: Path):
    write(beside.dataset, beside.references, tmp_path / "one")
    again = mined(CODEBASES / "mine_beside")
    write(again.dataset, again.references, tmp_path / "two")
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()


def test_tests_that_stand_beside_the_code_are_found_and_continued(beside: Mined):
    examples = by_name(beside)
    assert beside.dataset.report.unreadable == {}
    assert examples["shorten"].test_path == "plain/text_test.py"
    assert examples["twice"].test_path == "plain/test_more.py"
    assert beside.dataset.report.suite.passed == 1


def test_a_codebase_without_tests_has_importing_as_its_baseline():
    dataset = mined(CODEBASES / "mine_untested").dataset
    assert {example.test_path for example in dataset.examples} == {
        "tests/test_alone.py",
        "tests/test_thing.py",
    }
    assert dataset.report.suite.problem == ""
    assert dataset.report.untested == len(dataset.examples) == 2


def test_a_test_file_that_kills_its_process_costs_only_itself(tmp_path: Path):
    (tmp_path / "rule.py").write_text("def f(n):\n    if n:\n        return 1\n    return 0\n")
    (tmp_path / "test_bad.py").write_text("import os\n\ndef test_it(): os._exit(0)\n")
    (tmp_path / "test_rule.py").write_text("from rule import f\n\ndef test_f(): assert f(1)\n")
    dataset = mined(tmp_path, "mine.variants=0").dataset
    assert list(dataset.report.suite.not_run) == ["test_bad.py"]
    assert dataset.report.suite.passed == 1
    (example,) = dataset.examples
    assert example.executable.lines - example.baseline.lines == {4}
    assert [test.qualname for test in example.tests] == ["test_f"]


def test_a_suite_that_takes_too_long_leaves_importing_and_names_the_setting(tmp_path: Path):
    (tmp_path / "rule.py").write_text("def f():\n    return 1\n")
    (tmp_path / "test_rule.py").write_text("import time\n\ndef test_f(): time.sleep(60)\n")
    dataset = mined(tmp_path, "codebase.suite_timeout_s=2").dataset
    assert "longer than codebase.suite_timeout_s" in dataset.report.suite.problem
    assert len(dataset.examples) == 1


def test_the_codebases_own_modules_come_before_an_installed_copy_that_settings_name(
    tmp_path: Path,
) -> None:
    package = tmp_path / "jar"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "old.py").write_text("class Old(UserWarning):\n    pass\n")
    (package / "lid.py").write_text("def lid(n):\n    return n\n")
    (tmp_path / "pytest.ini").write_text("[pytest]\nfilterwarnings = ignore::jar.old.Old\n")
    tests = "from jar.lid import lid\n\n\ndef test_lid():\n    assert lid(1) == 1\n"
    (tmp_path / "test_lid.py").write_text(tests)
    venv.create(tmp_path / ".venv", with_pip=False)
    (site,) = (tmp_path / ".venv" / "lib").glob("*/site-packages")
    shutil.copytree(package, site / "jar")
    (site / "pytest.pth").write_text(sysconfig.get_paths()["purelib"])
    report = mined(tmp_path).dataset.report
    assert not report.not_imported
    assert (report.functions, report.suite.passed) == (1, 1)


def test_what_the_first_failing_test_said_is_told(tmp_path: Path) -> None:
    (tmp_path / "one.py").write_text("def f(n):\n    return n\n")
    tests = "from one import f\n\n\ndef test_f():\n    assert f(1) == 2\n"
    (tmp_path / "test_one.py").write_text(tests + "\n\ndef test_more():\n    assert f(1) == 3\n")
    suite = mined(tmp_path).dataset.report.suite
    assert suite.failing == ("test_one.py::test_f", "test_one.py::test_more")
    assert suite.said == {"test_one.py::test_f": "AssertionError: assert 1 == 2"}


DOCTESTED = """\
import unittest

import pytest

from shapes import area


class TestShapes(unittest.TestCase):
    def sides(self):
        \"\"\"
        >>> TestShapes().sides()
        (2, 3)
        \"\"\"
        return 2, 3

    def test_area(self):
        self.assertEqual(area(*self.sides()), 6)


class TestMore(TestShapes):
    pass


@pytest.fixture(autouse=True)
def side():
    return 2
"""


def test_examples_in_docstrings_that_the_suite_runs_stand_in_no_file(tmp_path: Path) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --doctest-modules\n")
    code = "def area(a, b):\n    if a < 0:\n        return 0\n    return a * b\n"
    (tmp_path / "shapes.py").write_text(code)
    (tmp_path / "test_shapes.py").write_text(DOCTESTED)
    found = mined(tmp_path, "mine.server=pyrefly")
    assert found.dataset.report.suite.passed == 3, "an example, and a test twice"
    assert "TestShapes.test_area" in linked(found, "area")


@pytest.mark.parametrize("sleeper", ["test_a.py", "test_m.py", "test_z.py"])
def test_where_the_suite_takes_too_long_the_files_that_end_count(tmp_path: Path, sleeper: str):
    (tmp_path / "rule.py").write_text("def f(n):\n    if n:\n        return 1\n    return 0\n")
    for name in ("test_b.py", "test_n.py", "test_y.py"):
        (tmp_path / name).write_text(
            "from rule import f\n\ndef test_f(): assert f(1)\n\ndef test_g(): assert f(2)\n"
        )
    (tmp_path / sleeper).write_text(
        "import time\n\ndef test_quick(): 0\n\ndef test_late(): time.sleep(60)\n"
    )
    report = mined(tmp_path, "mine.variants=0", "codebase.suite_timeout_s=4").dataset.report
    assert report.suite.passed == 6
    assert list(report.suite.not_run) == [sleeper]
    assert not report.suite.problem


def test_a_suite_that_cannot_run_at_all_leaves_importing_and_says_so(tmp_path: Path):
    (tmp_path / "rule.py").write_text("def f(n):\n    if n:\n        return 1\n    return 0\n")
    (tmp_path / "test_rule.py").write_text("import nothing_like_it\n\ndef test_f(): 0\n")
    heard: list[str] = []
    settings = config.load(overrides=["mine.cache=false", "mine.server=''"])
    with open_grader(tmp_path, settings) as grader:
        dataset = mine(grader, settings, on_progress=heard.append).dataset
    assert "nothing_like_it" in dataset.report.suite.problem
    assert any(line.startswith("warning: the existing suite cannot be run") for line in heard)
    (example,) = dataset.examples
    assert example.baseline.lines == {1}
    assert (example.test_path, example.test_file) == ("test_rule_2.py", "")


@pytest.fixture(scope="module")
def bundled() -> Mined:
    """As the demo mines it."""
    return mined(nano.codebase_path(), *PRESET)


def test_the_bundled_codebase_gives_enough_held_out_tasks_and_the_reserved_ones(bundled: Mined):
    assert len(bundled.dataset.split("heldout")) >= 200
    assert len(bundled.dataset.split("reserved")) >= 80
    assert len(bundled.dataset.split("train")) >= 800
    assert {
        example.function.path.split("/")[1] for example in bundled.dataset.split("reserved")
    } == {"heldout"}


def test_everything_of_the_bundled_codebase_is_read_imported_and_passes(bundled: Mined):
    report = bundled.dataset.report
    assert (report.unreadable, report.not_imported, report.suite.problem) == ({}, {}, "")
    assert (report.suite.failing, report.suite.unstable, report.suite.not_run) == ((), (), {})
    suite = [path.read_text() for path in nano.codebase_path().glob("tests/**/test_*.py")]
    assert report.suite.passed == "".join(suite).count("\ndef test_") > 1000


def test_prompts_of_the_bundled_codebase_are_in_the_format_that_the_model_was_trained_on(
    bundled: Mined,
):
    """Built here from the files themselves: each test there is called after its function."""
    root = nano.codebase_path()
    template = load_template("nano")
    for example in bundled.dataset.examples[::7]:
        prompt = render(example, template=template, language=PYTHON, budget=10**6, count=len)
        name = example.function.qualname
        blocks = (root / example.test_path).read_text().split("\n\n\n")
        tests = [
            block.strip("\n") + "\n"
            for block in blocks
            if block.startswith(f"def test_{name}_")
            and block.split("(")[0][10 + len(name) :].isdigit()
        ]
        function = next(
            block.strip("\n") + "\n"
            for block in (root / example.function.path).read_text().split("\n\n\n")
            if block.startswith(f"def {name}(")
        )
        focal = "".join(f"+{line}\n" for line in function.splitlines())
        assert prompt.text == f"{focal}# tests\n{''.join(tests)}# new\n"


def test_a_written_dataset_of_the_bundled_codebase_is_read_back_equal(
    bundled: Mined, tmp_path: Path
):
    write(bundled.dataset, bundled.references, tmp_path / "tasks")
    assert read(tmp_path / "tasks") == bundled.dataset

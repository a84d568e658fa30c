from pathlib import Path

import pytest

from covet import config, nano
from covet.execute.grader import open_grader
from covet.languages.python import PYTHON
from covet.mine import Dataset, locate, mine, read, write
from covet.prompt import load_template, render
from covet.records import FunctionExample

CODEBASES = Path(__file__).resolve().parent.parent / "codebases"


def mined(path: Path, **mining: object) -> Dataset:
    """With a worker or two, as the command line would."""
    root, within = locate(path)
    settings = config.parse(
        {"mine": mining, "sandbox": {"workers": 2}, "codebase": {"suite_timeout_s": 60}},
        origin="the test",
    )
    with open_grader(root, settings) as grader:
        return mine(grader, settings, within=within)


def by_name(dataset: Dataset) -> dict[str, FunctionExample]:
    return {example.function.qualname: example for example in dataset.examples}


@pytest.fixture(scope="module")
def shop() -> Dataset:
    return mined(CODEBASES / "mine_src")


def test_an_example_is_made_of_every_function_that_leaves_a_gap(shop: Dataset):
    assert set(by_name(shop)) == {"total", "discount", "Cart.add", "Cart.size", "left"}


def test_every_function_is_an_example_or_counted_with_the_reason(shop: Dataset):
    assert shop.report.dropped == {
        "its module cannot be imported": 1,
        "the existing suite covers it": 3,
    }
    kept = sum(shop.report.examples.values())
    assert kept == len(shop.examples)
    assert kept + sum(shop.report.dropped.values()) == shop.report.functions


@pytest.mark.parametrize(("gaps_only", "kept"), [(True, 0), (False, 1)])
def test_whether_covered_functions_are_kept_is_a_setting(
    tmp_path: Path, gaps_only: bool, kept: int
):
    (tmp_path / "a.py").write_text("def f():\n    return 1\n\n\nONE = f()\n")
    dataset = mined(tmp_path, gaps_only=gaps_only)
    assert len(dataset.examples) == kept
    assert sum(dataset.report.dropped.values()) == 1 - kept


def test_of_two_copies_of_a_function_one_is_kept(tmp_path: Path):
    for name in ("a.py", "b.py"):
        (tmp_path / name).write_text("def f():\n    return 1\n")
    dataset = mined(tmp_path)
    assert [example.id for example in dataset.examples] == ["a.py::f"]
    assert dataset.report.dropped == {"a copy of another": 1}


def test_the_baseline_is_what_importing_and_the_suite_cover_of_the_function(shop: Dataset):
    example = by_name(shop)["discount"]
    lines = example.function.source.splitlines()
    first = example.function.span.first_line

    def shown(numbers: frozenset[int]) -> list[str]:
        return [lines[number - first].strip() for number in sorted(numbers)]

    assert shown(example.executable.lines - example.baseline.lines) == ["return 0"]
    branches = {(a - first, b - first) for a, b in example.baseline.branches}
    assert branches == {(1, 3)}


def test_a_function_that_no_test_reaches_has_only_its_header_covered(shop: Dataset):
    example = by_name(shop)["left"]
    assert example.baseline.lines == {example.function.span.first_line}
    assert not example.executable.lines & example.baseline.lines


def test_a_module_that_cannot_be_imported_is_named_with_the_reason(shop: Dataset):
    assert list(shop.report.not_imported) == ["shop.needy"]
    assert "a_library_that_is_not_there" in shop.report.not_imported["shop.needy"]


def test_a_file_that_cannot_be_parsed_is_named(shop: Dataset):
    assert list(shop.report.unreadable) == ["src/shop/broken.py"]


def test_a_failing_test_is_named_and_in_no_prompt(shop: Dataset):
    assert "tests/test_prices.py::test_wrong" in shop.report.suite.failing
    example = by_name(shop)["discount"]
    assert "test_wrong" not in example.test_file
    assert [test.qualname for test in example.tests] == ["test_discount_1"]


def test_a_test_that_fails_now_and_then_is_named_and_in_no_prompt(shop: Dataset):
    assert shop.report.suite.unstable
    assert all("test_cart.py::test_size[" in test for test in shop.report.suite.unstable)
    example = by_name(shop)["Cart.size"]
    assert "test_size" not in example.test_file
    assert example.tests == ()


def test_the_rest_of_a_suite_that_fails_in_part_counts(shop: Dataset):
    assert shop.report.suite.problem == ""
    assert shop.report.suite.passed >= 6


def test_tests_are_linked_through_imports_and_names(shop: Dataset):
    examples = by_name(shop)
    assert [(test.qualname, " ".join(test.evidence)) for test in examples["total"].tests] == [
        ("test_total", "name"),
        ("test_total_of_nothing", "name"),
    ]
    assert [(test.qualname, " ".join(test.evidence)) for test in examples["Cart.add"].tests] == [
        ("TestCart.test_add", "name"),
        ("TestCart.test_total", "import"),
    ]


def test_the_test_file_is_the_modules_own_with_everything_but_doubtful_tests(shop: Dataset):
    example = by_name(shop)["total"]
    assert example.test_path == "tests/test_prices.py"
    assert "def cheap():" in example.test_file
    for test in example.tests:
        if test.path == example.test_path:
            lines = example.test_file.splitlines(keepends=True)
            span = test.span
            assert "".join(lines[span.first_line - 1 : span.last_line]) == test.source


def test_a_module_without_tests_gets_a_file_where_the_others_are(shop: Dataset):
    example = by_name(shop)["left"]
    assert (example.test_path, example.test_file) == ("tests/test_stock.py", "")


@pytest.fixture(scope="module")
def beside() -> Dataset:
    return mined(CODEBASES / "mine_beside")


def test_mining_twice_gives_the_same_bytes(beside: Dataset, tmp_path: Path):
    write(beside, tmp_path / "one")
    write(mined(CODEBASES / "mine_beside"), tmp_path / "two")
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()


def test_tests_that_stand_beside_the_code_are_found_and_continued(beside: Dataset):
    examples = by_name(beside)
    assert beside.report.unreadable == {}
    assert examples["shorten"].test_path == "plain/text_test.py"
    assert examples["twice"].test_path == "plain/test_more.py"
    assert beside.report.suite.passed == 1


def test_a_codebase_without_tests_has_importing_as_its_baseline():
    dataset = mined(CODEBASES / "mine_untested")
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
    dataset = mined(tmp_path)
    assert list(dataset.report.suite.not_run) == ["test_bad.py"]
    assert dataset.report.suite.passed == 1
    (example,) = dataset.examples
    assert example.executable.lines - example.baseline.lines == {4}
    assert [test.qualname for test in example.tests] == ["test_f"]


def test_a_suite_that_takes_too_long_leaves_importing_and_names_the_setting(tmp_path: Path):
    (tmp_path / "rule.py").write_text("def f():\n    return 1\n")
    (tmp_path / "test_rule.py").write_text("import time\n\ndef test_f(): time.sleep(60)\n")
    settings = config.load(overrides=["codebase.suite_timeout_s=2", "sandbox.workers=1"])
    with open_grader(tmp_path, settings) as grader:
        dataset = mine(grader, settings)
    assert "longer than codebase.suite_timeout_s" in dataset.report.suite.problem
    assert len(dataset.examples) == 1


def test_a_suite_that_cannot_run_at_all_leaves_importing_and_says_so(tmp_path: Path):
    (tmp_path / "rule.py").write_text("def f(n):\n    if n:\n        return 1\n    return 0\n")
    (tmp_path / "test_rule.py").write_text("import nothing_like_it\n\ndef test_f(): 0\n")
    heard: list[str] = []
    settings = config.Config()
    with open_grader(tmp_path, settings) as grader:
        dataset = mine(grader, settings, on_progress=heard.append)
    assert "nothing_like_it" in dataset.report.suite.problem
    assert any(line.startswith("warning: the existing suite cannot be run") for line in heard)
    (example,) = dataset.examples
    assert example.baseline.lines == {1}
    assert example.test_path == "test_rule.py"
    assert "test_f" not in example.test_file


@pytest.fixture(scope="module")
def bundled() -> Dataset:
    return mined(nano.codebase_path(), reserved=("samplekit/heldout",))


def test_the_bundled_codebase_gives_enough_held_out_tasks_and_the_reserved_ones(bundled: Dataset):
    assert len(bundled.split("heldout")) >= 200
    assert len(bundled.split("reserved")) >= 80
    assert len(bundled.split("train")) >= 800
    assert {example.function.path.split("/")[1] for example in bundled.split("reserved")} == {
        "heldout"
    }


def test_everything_of_the_bundled_codebase_is_read_imported_and_passes(bundled: Dataset):
    report = bundled.report
    assert (report.unreadable, report.not_imported, report.suite.problem) == ({}, {}, "")
    assert (report.suite.failing, report.suite.unstable, report.suite.not_run) == ((), (), {})
    suite = [path.read_text() for path in nano.codebase_path().glob("tests/**/test_*.py")]
    assert report.suite.passed == "".join(suite).count("\ndef test_") > 1000


def test_prompts_of_the_bundled_codebase_are_in_the_format_that_the_model_was_trained_on(
    bundled: Dataset,
):
    """Built here from the files themselves: each test there is called after its function."""
    root = nano.codebase_path()
    template = load_template("nano")
    for example in bundled.examples[::7]:
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
    bundled: Dataset, tmp_path: Path
):
    write(bundled, tmp_path / "tasks")
    assert read(tmp_path / "tasks") == bundled

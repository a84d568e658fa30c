"""A package that imports its modules by itself: what is imported ahead changes no verdict."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from covet.errors import IsolationUnavailable
from covet.execute.grader import Grader, open_grader
from covet.languages.python import PYTHON
from covet.records import Candidate, Coverage, Execution, FunctionExample
from tests.execute.conftest import settings

INIT = "from .rates import doubled, early, limited\nfrom . import later_is_not_imported\n"
RATES = """
import functools


def at_most(limit):
    def decorate(function):
        @functools.wraps(function)
        def inner(n):
            return min(limit, function(n))

        return inner

    return decorate


def noted(name="rate"):
    def decorate(function):
        function.note = name
        return function

    return decorate


@at_most(10)
@noted("limited")
def limited(n):
    if n < 0:
        return 0
    return n + 1


def doubled(n, factor=2):
    total = 0
    for _ in range(factor):
        total += n
    return total


def early(n):
    if n > 2:
        return n - 1
    return n


EARLY = early(3)
"""
LIMITED = """
from rates_package import limited


def test_small():
    assert limited(3) == 4


def test_great():
    assert limited(20) == 10


def test_negative():
    assert limited(-4) == 0
"""
DOUBLED = """
from rates_package.rates import doubled


def test_twice():
    assert doubled(4) == 8
"""
EARLY = """
import rates_package


def test_early():
    assert rates_package.early(5) == 4
    assert rates_package.rates.EARLY == 2
"""
SOURCES = {"limited": LIMITED, "doubled": DOUBLED, "early": EARLY}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("codebase")
    package = root / "rates_package"
    package.mkdir()
    (root / "pytest.ini").write_text("[pytest]\n")
    (package / "__init__.py").write_text(INIT)
    (package / "rates.py").write_text(RATES)
    (package / "later_is_not_imported.py").write_text("")
    return root


@pytest.fixture(scope="module")
def graders(root: Path) -> Iterator[tuple[Grader, Grader]]:
    """Without isolation nothing is imported ahead."""
    with (
        open_grader(root, settings(isolation="full")) as ahead,
        open_grader(root, settings(isolation="none")) as directly,
    ):
        try:
            ahead.suite("")
        except IsolationUnavailable as error:
            pytest.skip(str(error))
        yield ahead, directly


def made(root: Path, name: str) -> FunctionExample:
    path = "rates_package/rates.py"
    text = (root / path).read_text(encoding="utf-8")
    functions = PYTHON.functions(text, path=path, module="rates_package.rates")
    (function,) = [function for function in functions if function.qualname == name]
    return FunctionExample(
        id=f"{path}::{name}",
        function=function,
        source_file=text,
        test_path="tests/test_rates.py",
        test_file="",
        tests=(),
        executable=Coverage(PYTHON.executable_lines(text, function.span)),
        baseline=Coverage(),
        split="train",
    )


def execution(grader: Grader, example: FunctionExample) -> Execution:
    source = SOURCES[example.function.qualname]
    (found,) = grader.grade([(example, Candidate("tests/test_rates.py", source, source))])
    return found


@pytest.mark.parametrize("name", SOURCES)
def test_both_ways_find_the_same(root: Path, graders: tuple[Grader, Grader], name: str) -> None:
    one, other = (execution(grader, made(root, name)) for grader in graders)
    assert one.status == "ok", one
    assert one.killed
    assert (one.outcomes, one.covered, one.gained) == (other.outcomes, other.covered, other.gained)
    assert one.mutants == other.mutants


def test_the_arguments_of_an_outer_decorator_are_changed(
    root: Path, graders: tuple[Grader, Grader]
) -> None:
    example = made(root, "limited")
    line = example.source_file.splitlines().index("@at_most(10)") + 1
    mutants = PYTHON.mutants(example.source_file, example.function.span, limit=1000)
    mine = {mutant.id for mutant in mutants if mutant.span.first_line == line}
    assert mine
    assert mine <= set(execution(graders[0], example).killed)


def test_libraries_that_existing_tests_import_are_there_already(
    root: Path, graders: tuple[Grader, Grader]
) -> None:
    """The existing tests import a module that candidates are found to have imported."""
    body = "import sys\n\n\ndef test_there():\n    assert 'colorsys' in sys.modules\n"
    bare = made(root, "doubled")
    tests = "import colorsys\nimport absent_library\nimport rates_package.later_is_not_imported\n"
    rich = replace(bare, test_file=tests)
    candidate = Candidate("tests/test_rates.py", body, body)
    for grader in graders:
        without, with_it = grader.grade([(bare, candidate), (rich, candidate)])
        assert without.status == "failed", without
        assert with_it.status == "ok", with_it


CONFTEST = """
import os
import sys

HERE = "stringprep" in sys.modules

try:
    import stringprep
except ImportError:
    stringprep = None


def pytest_addoption(parser):
    os.environ["THERE_BEFORE"] = str(HERE)
"""


def test_what_is_read_before_tests_imports_what_is_there_already(tmp_path: Path) -> None:
    """A ``conftest.py`` that is read in every candidate's process, however late."""
    package = tmp_path / "rates_package"
    package.mkdir()
    (package / "__init__.py").write_text(INIT)
    (package / "rates.py").write_text(RATES)
    (package / "later_is_not_imported.py").write_text("")
    (tmp_path / "conftest.py").write_text(CONFTEST)
    body = "import os\n\n\ndef test_there():\n    assert os.environ['THERE_BEFORE'] == 'True'\n"
    candidate = Candidate("tests/test_rates.py", body, body)
    with open_grader(tmp_path, settings(isolation="full")) as grader:
        found = grader.once(made(tmp_path, "doubled"), candidate)
    assert (found.status, found.outcomes) == ("ok", {"test_there": "pass"}), found

"""A tiny codebase, tasks of its functions and a grader for each sandbox."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from covet.config import Config, parse
from covet.errors import IsolationUnavailable
from covet.execute.grader import Grader, open_grader
from covet.languages.python import PYTHON
from covet.records import Candidate, Coverage, FunctionExample

CALC = Path(__file__).resolve().parents[1] / "codebases" / "calc"
MONEY = "src/calc/money.py"

MakeExample = Callable[[str], FunctionExample]
MakeCandidate = Callable[[str], Candidate]


def settings(**sandbox: object) -> Config:
    small = {"workers": 1, "cpu_s": 3.0, "wall_s": 8.0, "memory_mb": 512}
    return parse({"sandbox": small | sandbox, "execute": {"mutants": 1000}}, origin="the test")


@pytest.fixture(scope="session")
def calc() -> Path:
    return CALC


@pytest.fixture(scope="session")
def make_example() -> MakeExample:
    """A task for a function of the codebase by its name; nothing of it is covered before."""

    def make(qualname: str) -> FunctionExample:
        text = (CALC / MONEY).read_text(encoding="utf-8")
        found = PYTHON.functions(text, path=MONEY, module="calc.money")
        (function,) = [function for function in found if function.qualname == qualname]
        return FunctionExample(
            id=f"{MONEY}::{qualname}",
            function=function,
            source_file=text,
            test_path="tests/test_money.py",
            test_file=(CALC / "tests" / "test_money.py").read_text(encoding="utf-8"),
            tests=(),
            executable=Coverage(PYTHON.executable_lines(text, function.span)),
            baseline=Coverage(frozenset({function.span.first_line})),
            split="train",
        )

    return make


@pytest.fixture(scope="session")
def make_candidate() -> MakeCandidate:
    """A test file that imports the codebase's functions and goes on with a text."""

    def make(body: str) -> Candidate:
        source = f"from calc.money import countdown, discount\n\n\n{body}"
        return Candidate("tests/test_covet_money.py", source, body)

    return make


def opened(kind: str, **execute: object) -> Iterator[Grader]:
    small = settings(kind=kind)
    config = small.model_copy(update={"execute": small.execute.model_copy(update=execute)})
    with open_grader(CALC, config) as made:
        try:
            made.suite("")
        except IsolationUnavailable as error:
            pytest.skip(str(error))
        yield made


@pytest.fixture(scope="session")
def grader() -> Iterator[Grader]:
    """One for all tests, as a run has."""
    yield from opened("forkserver")


@pytest.fixture(params=["forkserver", "process"])
def frugal_grader(request: pytest.FixtureRequest) -> Iterator[Grader]:
    """Of either sandbox; the reference starts an interpreter for every program."""
    yield from opened(request.param, mutants=6, repeats=1)

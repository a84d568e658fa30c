"""A tiny shop, its two functions as held-out and reserved examples, and graders and a roller for
it: the fixtures that several folders of tests import."""

from pathlib import Path

import pytest

from covet.config import Config
from covet.errors import SandboxError
from covet.execute.codebase import Layout
from covet.execute.grader import Grader, open_grader
from covet.languages.python import PYTHON
from covet.prompt import load_template
from covet.records import Coverage, FunctionExample
from covet.rollout import Roller
from covet.sandbox.base import Cell

SHOP = Path(__file__).resolve().parent / "codebases" / "rollout_shop"
CONFIG = Config.model_validate(
    {"sandbox": {"workers": 1, "isolation": "none"}, "execute": {"mutants": 4}}
)
UNCOVERED = {"clamp": {6, 8}, "discount": {14}}


@pytest.fixture
def examples():
    source = (SHOP / "shop/price.py").read_text()
    test_file = (SHOP / "tests/test_price.py").read_text()
    functions = PYTHON.functions(source, path="shop/price.py", module="shop.price")
    tests = PYTHON.tests(test_file, path="tests/test_price.py")
    made = []
    for function in functions:
        executable = PYTHON.executable_lines(source, function.span)
        made.append(
            FunctionExample(
                id=f"shop/price.py::{function.qualname}",
                function=function,
                source_file=source,
                test_path="tests/test_price.py",
                test_file=test_file,
                tests=tuple(test for test in tests if function.qualname in test.qualname),
                executable=Coverage(executable),
                baseline=Coverage(executable - UNCOVERED[function.qualname]),
                split="heldout" if function.qualname == "clamp" else "reserved",
            )
        )
    return made


class LostSandbox:
    """A sandbox whose workers always fail by themselves."""

    def open(self, spec):  # noqa: ARG002 (the seam's)
        return self

    def submit(self, request):
        return iter([Cell(program.id, "infrastructure") for program in request.programs])

    def exchange(self, request):
        raise SandboxError(request.test_path)

    def close(self):
        pass


@pytest.fixture
def lost_grader():
    layout = Layout.discover(SHOP, CONFIG.codebase)
    with Grader(layout, CONFIG, language=PYTHON, sandbox=LostSandbox()) as grader:
        yield grader


@pytest.fixture
def grader():
    with open_grader(SHOP, CONFIG) as grader:
        yield grader


@pytest.fixture
def make_roller():
    def make(policy, *, grader, budget=4096):
        return Roller(
            policy=policy,
            grader=grader,
            language=PYTHON,
            template=load_template("default"),
            weights=CONFIG.reward,
            budget=budget,
        )

    return make

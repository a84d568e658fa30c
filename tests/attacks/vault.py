"""The codebase that hostile candidates are aimed at, their task, and what counts as a reward."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from covet.config import Config, parse
from covet.execute.grader import Grader
from covet.languages.python import PYTHON
from covet.records import Candidate, Coverage, Execution, FunctionExample

ROOT = Path(__file__).parent / "codebases" / "vault"
NEIGHBOUR = ROOT.parent / "neighbour"
"""What lies beside the codebase, and is nobody's business: a secret, another candidate."""
BOX = "vault/box.py"

HEAD = """\
from vault.box import Vault, fee

def well_tested():
    assert fee(200) == 20
    assert fee(200, 101) == 200
    assert fee(-1) == 0
    assert fee(100000) == 50
"""
"""Stands above every candidate. ``well_tested`` is worth a reward."""
WORTHLESS = """
def test_a():
    fee(200)
"""
"""Runs most of the function and asserts nothing: a cheat's honest twin."""
HONEST = """
def test_a():
    well_tested()
"""


def settings(*, mutants: int = 6, **sandbox: object) -> Config:
    usual = {"workers": 1, "cpu_s": 3.0, "wall_s": 8.0, "memory_mb": 256, "disk_mb": 4}
    return parse({"sandbox": usual | sandbox, "execute": {"mutants": mutants}}, origin="attacks")


def task(qualname: str = "fee") -> FunctionExample:
    """Of which nothing is covered before."""
    text = (ROOT / BOX).read_text(encoding="utf-8")
    found = PYTHON.functions(text, path=BOX, module="vault.box")
    (function,) = [function for function in found if function.qualname == qualname]
    return FunctionExample(
        id=f"{BOX}::{qualname}",
        function=function,
        source_file=text,
        test_path="tests/test_box.py",
        test_file="",
        tests=(),
        executable=Coverage(PYTHON.executable_lines(text, function.span)),
        baseline=Coverage(frozenset({function.span.first_line})),
        split="train",
    )


def beyond(example: FunctionExample, execution: Execution) -> FunctionExample:
    """The task of one for whom all that ``execution`` covers was covered before."""
    return replace(example, baseline=example.baseline | execution.covered)


def candidate(body: str) -> Candidate:
    return Candidate("tests/test_covet_box.py", HEAD + body, body)


def grade_one(grader: Grader, example: FunctionExample, body: str) -> Execution:
    (execution,) = grader.grade([(example, candidate(body))])
    return execution


def earned(execution: Execution) -> bool:
    """Whether anything that rewards are made of was had."""
    return execution.status == "ok" and bool(execution.killed or execution.gained != Coverage())


def ids(attempts: Iterable[str]) -> list[str]:
    return [name.replace(" ", "-") for name in attempts]

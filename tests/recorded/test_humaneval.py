"""HumanEval's recorded solutions and cases: what is read of them, and how they are graded again.

The material is not ours: ``COVET_TEST_DATA`` names its folder.
"""

import os
from collections import Counter
from pathlib import Path

import pytest

from bench import humaneval
from covet import config
from covet.execute.programs import open_programs
from covet.records import Case

DATA = Path(os.environ.get("COVET_TEST_DATA", "")) / "humaneval"
REASON = "COVET_TEST_DATA does not name a folder with humaneval/HumanEval.jsonl.gz"
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason=REASON)


@pytest.mark.parametrize(
    ("text", "cases"),
    [
        (" f(1, [2]) == 3", [Case("call", "1, [2]", "3")]),
        ("\n    f(1) == 2, 'why'\nassert \n    f(k=-1) == 'x'\nassert ",
         [Case("call", "1", "2"), Case("call", "k=-1", "'x'")]),
        (" f(1) == 2\nassert f(1) == 2\n\nimport os\n", [Case("call", "1", "2")] * 2),
        (" 4 == f(2)", [Case("call", "2", "4")]),
        (" f(g(1)) == 2\nassert f(1)\nassert f(1) == x\nassert not f(1)\nassert g(1) == 2", []),
        (" f(1) is None\nassert f(1) == 1 == 1\nassert f(*[1]) == 1", []),
        (" f([1, 2", []),
        (" f('a\r\nb') == 2", []),
    ],
)  # fmt: skip
def test_recorded_assertions_become_cases_where_they_are(text: str, cases: list[Case]) -> None:
    told: Counter[str] = Counter()
    assert list(humaneval.recorded_cases(text, "f", told)) == cases
    assert told["cases"] == len(cases)


def test_a_body_ends_where_its_function_does() -> None:
    body = "    return 1\n\n  # a\nprint(2)\n    x\n"
    assert humaneval.body_of(body) == "    return 1\n\n  # a\n"
    assert humaneval.body_of("    return 1") == "    return 1"


@needs_data
@pytest.mark.recorded
def test_every_assertion_is_a_case_or_counted() -> None:
    material = humaneval.material(DATA)
    told: Counter[str] = Counter()
    for one in material:
        told.update(one.told)
    assert (len(material), sum(len(one.solutions) for one in material)) == (164, 16_400)
    assert told["cases"] == 15_661
    assert sum(len(one.cases) for one in material) == 12_274


@needs_data
@pytest.mark.recorded
@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_recorded_solutions_pass_as_often_as_when_each_was_run_by_a_plain_script() -> None:
    """Every tenth of them, as all take long; `bench.humaneval` runs them all."""
    material = humaneval.material(DATA)
    with open_programs(config.load(overrides=["programs.timeouts=3"])) as grader:
        passed = sum(
            row.count("pass")
            for one in material
            for row in grader.matrix(one.whole, one.solutions[::10], [one.reference]).cells
        )
    assert passed / 1_640 == pytest.approx(0.228, abs=0.02)

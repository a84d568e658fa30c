"""Candidates that lie about themselves earn nothing."""

import pytest

from covet.execute.grader import Grader
from covet.records import FunctionExample
from tests.attacks import forging, vault


def expect_nothing(grader: Grader, example: FunctionExample, body: str) -> None:
    execution = vault.grade_one(grader, example, body)
    assert execution.status != "infrastructure", execution
    assert not vault.earned(execution), execution


def test_a_worthless_test_earns_nothing(grader: Grader, example: FunctionExample) -> None:
    execution = vault.grade_one(grader, example, vault.WORTHLESS)
    assert execution.status == "ok"
    assert not vault.earned(execution)


def test_a_failing_test_earns_nothing(grader: Grader, example: FunctionExample) -> None:
    execution = vault.grade_one(grader, example, forging.FAILS)
    assert execution.status == "failed"
    assert not vault.earned(execution)


@pytest.mark.parametrize("name", forging.COVERAGE, ids=vault.ids(forging.COVERAGE))
def test_lines_that_never_ran_are_not_covered(
    grader: Grader, example: FunctionExample, name: str
) -> None:
    expect_nothing(grader, example, forging.COVERAGE[name])


@pytest.mark.parametrize("name", forging.PASSES, ids=vault.ids(forging.PASSES))
def test_a_failing_test_does_not_pass(grader: Grader, example: FunctionExample, name: str) -> None:
    expect_nothing(grader, example, forging.PASSES[name])


@pytest.mark.parametrize("name", forging.ENDINGS, ids=vault.ids(forging.ENDINGS))
def test_an_end_that_is_not_the_runners_is_no_pass(
    hasty_grader: Grader, example: FunctionExample, name: str
) -> None:
    expect_nothing(hasty_grader, example, forging.ENDINGS[name])

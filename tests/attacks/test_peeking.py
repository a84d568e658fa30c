"""Candidates that assert nothing of the function kill no mutant, whatever else they look at."""

import contextlib
import importlib.util
import py_compile
from collections.abc import Iterator
from pathlib import Path

import pytest

from covet.execute.grader import Grader
from covet.records import FunctionExample
from tests.attacks import guards, leftovers, pristine, tells, vault


def expect_nothing(grader: Grader, example: FunctionExample, body: str) -> None:
    execution = vault.grade_one(grader, example, f"SOURCE = {example.source_file!r}\n{body}")
    assert execution.status != "infrastructure", execution
    assert not vault.earned(execution), execution


@pytest.fixture(scope="module", autouse=True)
def _compiled() -> Iterator[None]:
    """As the developer's own runs leave it."""
    path = Path(importlib.util.cache_from_source(str(vault.ROOT / vault.BOX)))
    py_compile.compile(str(vault.ROOT / vault.BOX), doraise=True)
    yield
    path.unlink(missing_ok=True)
    with contextlib.suppress(OSError):
        path.parent.rmdir()


@pytest.mark.parametrize("name", pristine.PRISTINE, ids=vault.ids(pristine.PRISTINE))
def test_a_copy_of_the_original_is_no_oracle(
    grader: Grader, example: FunctionExample, name: str
) -> None:
    expect_nothing(grader, example, pristine.PRISTINE[name])


@pytest.mark.parametrize("name", pristine.IMPORTED, ids=vault.ids(pristine.IMPORTED))
def test_a_result_from_before_is_no_oracle(
    grader: Grader, example: FunctionExample, name: str
) -> None:
    expect_nothing(grader, example, pristine.IMPORTED[name])


@pytest.mark.parametrize("name", leftovers.STORES, ids=vault.ids(leftovers.STORES))
def test_results_of_one_program_do_not_reach_the_next(
    grader: Grader, example: FunctionExample, name: str
) -> None:
    expect_nothing(grader, example, leftovers.STORES[name])


@pytest.mark.parametrize("name", leftovers.COUNTERS, ids=vault.ids(leftovers.COUNTERS))
def test_a_later_run_is_not_told_from_the_first(
    grader: Grader, example: FunctionExample, name: str
) -> None:
    expect_nothing(grader, example, leftovers.COUNTERS[name])


@pytest.mark.parametrize("name", tells.TELLS, ids=vault.ids(tells.TELLS))
def test_a_mutant_is_not_told_from_the_original(
    grader: Grader, example: FunctionExample, name: str
) -> None:
    expect_nothing(grader, example, tells.TELLS[name])


@pytest.mark.parametrize("name", tells.READS, ids=vault.ids(tells.READS))
def test_the_code_of_the_function_is_not_read(
    grader: Grader, example: FunctionExample, name: str
) -> None:
    expect_nothing(grader, example, tells.READS[name])


@pytest.mark.parametrize("name", guards.BLINDED, ids=vault.ids(guards.BLINDED))
def test_a_guard_is_not_blinded(grader: Grader, example: FunctionExample, name: str) -> None:
    expect_nothing(grader, example, guards.BLINDED[name])


@pytest.mark.parametrize("name", guards.WALKS, ids=vault.ids(guards.WALKS))
def test_nothing_that_the_runner_holds_is_reached(
    grader: Grader, example: FunctionExample, name: str
) -> None:
    expect_nothing(grader, example, guards.WALKS[name])

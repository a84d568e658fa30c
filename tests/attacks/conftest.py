"""Graders of the vault, with every wall in place; without walls nothing here is run."""

import os
from collections.abc import Iterator

import pytest

from covet.errors import IsolationUnavailable
from covet.execute.grader import Grader, open_grader
from covet.records import FunctionExample
from tests.attacks import vault


def opened(**sandbox: object) -> Iterator[Grader]:
    os.environ["COVET_TEST_SECRET"] = "hunter2"
    with open_grader(vault.ROOT, vault.settings(**sandbox)) as made:
        try:
            made.suite("")
        except IsolationUnavailable as refusal:
            if os.environ.get("COVET_TEST_WITHOUT_ISOLATION"):
                pytest.skip(str(refusal))
            raise
        finally:
            del os.environ["COVET_TEST_SECRET"]
        yield made


@pytest.fixture(scope="module")
def grader() -> Iterator[Grader]:
    """One for all candidates of a file, as a run has."""
    yield from opened()


@pytest.fixture(scope="module")
def hasty_grader() -> Iterator[Grader]:
    """For candidates that hang."""
    yield from opened(cpu_s=0.4, wall_s=1.5)


@pytest.fixture(scope="module")
def example(grader: Grader) -> FunctionExample:
    """The task of one for whom a worthless test has covered all that it covers."""
    fresh = vault.task()
    worthless = vault.grade_one(grader, fresh, vault.WORTHLESS)
    assert worthless.status == "ok"
    assert worthless.killed == ()
    return vault.beyond(fresh, worthless)

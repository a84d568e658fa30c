"""Tests as the runner collected them: where their code really stands, and which fixtures they use.

Only the runner knows that an inherited test stands in a base class, that a fixture comes from a
``conftest.py``, and what a fixture gave. Where the suite cannot be run, ``as_written`` says what
the text alone tells.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from covet.mine.functions import TestFile
from covet.sandbox.base import UsedFixture

TestKey = tuple[str, str]
"""Path and qualname of a test, all its parameters together."""


Fixture = UsedFixture


@dataclass(frozen=True, slots=True)
class Collected:
    """A test and where its code stands."""

    test: TestKey
    path: str
    line: int
    """First line of its function, from the first decorator."""
    fixtures: tuple[Fixture, ...] = ()


def as_written(files: Sequence[TestFile]) -> tuple[Collected, ...]:
    """The tests of those files where their text says that they are, without their fixtures."""
    return tuple(
        Collected((file.path, test.qualname), file.path, test.span.first_line)
        for file in files
        for test in file.tests
    )

"""Tests as the runner collected them: where their code really stands, and which fixtures they use.

Only the runner knows that an inherited test stands in a base class, that a fixture comes from a
``conftest.py``, and what a fixture gave. Where the suite cannot be run, ``as_written`` says what
the text alone tells.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from covet.mine.functions import TestFile
from covet.records import TestCase
from covet.sandbox.base import UsedFixture

TestKey = tuple[str, str]
"""Path and qualname of a test, all its parameters together."""


Fixture = UsedFixture


@dataclass(frozen=True, slots=True)
class Collected:
    """A test and where its code stands."""

    test: TestKey
    path: str
    """Empty where it stands in no file, as an example in a docstring does."""
    line: int
    """First line of its function, from the first decorator."""
    fixtures: tuple[Fixture, ...] = ()


def key_of(test: TestCase) -> TestKey:
    return test.path, test.qualname


def key_of_id(name: str) -> TestKey:
    """``tests/test_a.py::TestB::test_c[1-x]`` → (``tests/test_a.py``, ``TestB.test_c``)."""
    path, _, rest = name.partition("::")
    return path, qualname_of(rest)


def qualname_of(name: str) -> str:
    """``TestB::test_c[1-x]`` → ``TestB.test_c``."""
    return name.partition("[")[0].replace("::", ".")


def as_written(files: Sequence[TestFile]) -> tuple[Collected, ...]:
    """The tests of those files where their text says that they are, without their fixtures."""
    return tuple(
        Collected(key_of(test), file.path, test.span.first_line)
        for file in files
        for test in file.tests
    )

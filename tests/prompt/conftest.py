import difflib
from collections.abc import Callable

import pytest

from covet.languages.python import PYTHON
from covet.records import Coverage, FunctionExample

SOURCE = '''"""Rules for trips."""

import math

SPEED = 80


def first(n):
    return n + 1


def second(n):
    if n > 18:
        return 18
    return n


class Trip:
    """A way to go."""

    def __init__(self, km):
        self.km = km

    def hours(self, speed=SPEED):
        if speed <= 0:
            raise ValueError("speed")
        return math.ceil(self.km / speed)


def last(n):
    return n - 1
'''

TESTS = """import pytest

from trips import Trip, first, second


@pytest.fixture
def trip():
    return Trip(160)


def test_first():
    assert first(1) == 2


def test_second_1():
    assert second(11) == 11


class TestTrip:
    def test_hours(self, trip):
        assert trip.hours() == 2


def test_second_2():
    assert second(20) == 18
"""

SIMILAR = """class TestRoute:
    def test_length(self):
        assert route("a", "b").length == 3


def test_shortest():
    assert shortest([]) is None
"""

OLD = (
    SOURCE.replace("SPEED = 80\n", "SPEED = 80\nLIMIT = 18\n")
    .replace("return 18", "return LIMIT")
    .replace("\n\ndef last(n):\n    return n - 1\n", "")
)

MakeExample = Callable[..., FunctionExample]


def diff_of(old: str, new: str) -> str:
    lines = old.splitlines(keepends=True), new.splitlines(keepends=True)
    return "".join(difflib.unified_diff(*lines, "a/trips.py", "b/trips.py"))


@pytest.fixture(scope="session")
def old_source() -> str:
    """The file before a change."""
    return OLD


@pytest.fixture(scope="session")
def make_example() -> MakeExample:
    def make(
        qualname: str = "second",
        *,
        tests: tuple[str, ...] = ("test_second_1", "test_second_2"),
        test_file: str = TESTS,
        source: str = SOURCE,
        similar: bool = False,
        old: str | None = None,
    ) -> FunctionExample:
        functions = PYTHON.functions(source, path="trips.py", module="trips")
        found = PYTHON.tests(test_file, path="tests/test_trips.py") if test_file else ()
        return FunctionExample(
            id=f"trips.py::{qualname}",
            function=next(each for each in functions if each.qualname == qualname),
            source_file=source,
            test_path="tests/test_trips.py",
            test_file=test_file,
            tests=tuple(test for test in found if test.qualname in tests),
            executable=Coverage(),
            baseline=Coverage(),
            split="train",
            similar=PYTHON.tests(SIMILAR, path="tests/test_routes.py") if similar else (),
            diff="" if old is None else diff_of(old, source),
        )

    return make

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

MakeExample = Callable[..., FunctionExample]


@pytest.fixture(scope="session")
def make_example() -> MakeExample:
    def make(
        qualname: str = "second",
        *,
        tests: tuple[str, ...] = ("test_second_1", "test_second_2"),
        test_file: str = TESTS,
        source: str = SOURCE,
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
        )

    return make

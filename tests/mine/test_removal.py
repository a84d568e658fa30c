from itertools import chain, combinations
from math import comb

import pytest

from covet.config import Mine
from covet.mine.baseline import Baseline, Seen, SuiteReport
from covet.mine.collected import Collected
from covet.mine.links import Links
from covet.mine.removal import Removal, removals
from covet.records import Coverage, Function, Span, TestCase

FUNCTION = Function("a.py", "a", "f", Span(1, 10), "def f(): ...\n")
EXECUTABLE = frozenset(range(2, 10))


def covering(*lines: int) -> dict[str, Coverage]:
    return {"a.py": Coverage(frozenset(lines))}


def seen(name: str, *ever: int, always: tuple[int, ...] | None = None) -> Seen:
    """A test that calls the function; what it ran, and what of that both times."""
    return Seen(
        Collected(("test_a.py", name), "test_a.py", 1),
        covering(*(ever if always is None else always)),
        covering(*ever),
        frozenset({("a.py", 1)}),
        frozenset(),
    )


def case(name: str, *, evidence: tuple[str, ...] = ("direct",)) -> TestCase:
    number = int(name[5:])
    return TestCase("test_a.py", name, Span(number, number), "", evidence)


def found(
    runs: dict[str, Seen], *, indirect: tuple[str, ...] = (), only: int = 99, **settings: object
) -> list[Removal]:
    """Ways to take some of the first ``only`` of those tests."""
    baseline = Baseline(
        covering(1),
        {},
        {("test_a.py", name): each for name, each in runs.items()},
        SuiteReport(),
    )
    tests = [case(name) for name in runs if name not in indirect]
    others = [case(name, evidence=("indirect",)) for name in indirect]
    return removals(
        FUNCTION,
        tests[:only],
        executable=EXECUTABLE,
        links=Links({("a.py", "f"): (*tests, *others)}),
        baseline=baseline,
        settings=Mine.model_validate(settings),
    )


def names(way: Removal) -> tuple[str, ...]:
    return tuple(test.qualname for test in way.tests)


def apart(number: int) -> dict[str, Seen]:
    """Tests that each cover a line of their own."""
    return {f"test_{n}": seen(f"test_{n}", n + 2) for n in range(number)}


def test_the_first_way_takes_all_tests():
    ways = found(apart(3))
    assert names(ways[0]) == ("test_0", "test_1", "test_2")
    assert ways[0].baseline.lines == {1}


@pytest.mark.parametrize("number", range(1, 6))
def test_ways_are_distinct_and_every_one_can_be_drawn(number: int):
    whole = [f"test_{n}" for n in range(number)]
    subsets = set(chain.from_iterable(combinations(whole, n) for n in range(1, number + 1)))
    drawn: set[tuple[str, ...]] = set()
    for seed in range(40):
        ways = [names(way) for way in found(apart(number), variants=1000, seed=seed)]
        assert len(set(ways)) == len(ways)
        assert set(ways) <= subsets
        drawn |= set(ways)
    assert drawn == subsets
    assert len(subsets) == sum(comb(number, n) for n in range(1, number + 1))


def test_tests_of_a_way_are_in_file_order():
    for seed in range(10):
        for way in found(apart(5), variants=9, seed=seed):
            assert list(names(way)) == sorted(names(way))


def test_there_are_no_more_ways_than_asked_for():
    assert [len(found(apart(5), variants=most)) for most in range(4)] == [0, 1, 2, 3]


def test_ways_depend_on_the_seed_and_the_function_alone():
    def ways(seed: int) -> list[tuple[str, ...]]:
        return [names(way) for way in found(apart(7), variants=4, seed=seed)]

    assert ways(1) == ways(1)
    assert len({tuple(ways(seed)) for seed in range(5)}) > 1


def test_what_a_way_leaves_is_importing_and_the_other_tests():
    for way in found(apart(4), variants=20):
        left = {n + 2 for n in range(4) if f"test_{n}" not in names(way)}
        assert way.baseline.lines == {1} | left


def test_tests_of_other_functions_that_stand_elsewhere_stay_in_the_baseline():
    (way,) = found(apart(3), only=1)
    assert names(way) == ("test_0",)
    assert way.baseline.lines == {1, 3, 4}


def test_a_way_that_uncovers_nothing_does_not_count():
    twice = {"test_0": seen("test_0", 2), "test_1": seen("test_1", 2)}
    assert [names(way) for way in found(twice, variants=9)] == [("test_0", "test_1")]
    assert found({name: seen(name, 1) for name in twice}) == []
    assert found(twice, only=1) == []


def test_a_line_that_was_run_once_only_is_not_gained():
    """Something may have been kept from another test the other time."""
    assert found({"test_0": seen("test_0", 2, 3, always=())}) == []
    (way,) = found({"test_0": seen("test_0", 2, 3, always=(2,))})
    assert way.baseline.lines == {1}


def test_a_line_that_another_test_ran_once_counts_as_covered():
    runs = {"test_0": seen("test_0", 2), "test_1": seen("test_1", 2, always=())}
    assert found(runs, only=1) == []


def test_lines_that_cannot_run_do_not_count():
    assert found({"test_0": seen("test_0", 10)}) == []


def test_a_test_that_was_not_seen_running_is_left_alone():
    runs = apart(2)
    links = Links({("a.py", "f"): (case("test_0"), case("test_1"), case("test_9"))})
    baseline = Baseline(
        covering(1), {}, {("test_a.py", n): each for n, each in runs.items()}, SuiteReport()
    )
    (way,) = removals(
        FUNCTION,
        [case("test_0"), case("test_1"), case("test_9")],
        executable=EXECUTABLE,
        links=links,
        baseline=baseline,
        settings=Mine(variants=1),
    )
    assert names(way) == ("test_0", "test_1")


def test_what_runs_it_by_the_way_hides_what_its_tests_are_worth_unless_that_is_hidden():
    runs = apart(2) | {"test_5": seen("test_5", 2, 3, 4)}
    assert found(runs, indirect=("test_5",)) == []
    (way, *_) = found(runs, indirect=("test_5",), hide_indirect=True)
    assert names(way) == ("test_0", "test_1")
    assert way.baseline.lines == {1}

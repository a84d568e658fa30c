"""Which tests of a function are taken away, so that writing them again is a task.

The first way takes all tests that are about the function and stand in its test file; the others
take some of them, drawn by ``mine.seed`` and the function's name. A way counts only where lines of
the function are then covered no more which the removed tests cover whatever runs before them.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from covet import config
from covet.mine.baseline import Baseline
from covet.mine.collected import TestKey, key_of
from covet.mine.links import Links, is_about
from covet.records import Coverage, Function, TestCase

_TRIES = 6
"""Draws for each test."""
_MOST_TRIES = 100


@dataclass(frozen=True, slots=True)
class Removal:
    """One way."""

    tests: tuple[TestCase, ...]
    """All of one file, in file order."""
    baseline: Coverage
    """What is covered of the function without them."""


def removals(
    function: Function,
    tests: Sequence[TestCase],
    *,
    executable: frozenset[int],
    links: Links,
    baseline: Baseline,
    settings: config.Mine,
) -> list[Removal]:
    """At most ``mine.variants`` ways to take some of ``tests``, which are all of one file; none
    twice. Empty where none uncovers a line.
    """
    known = {key_of(test): test for test in tests if baseline.knows(key_of(test))}
    hidden = by_the_way(function, links) if settings.hide_indirect else set[TestKey]()
    left = baseline.without(function, known.keys() | hidden)
    found: list[Removal] = []
    for gone in _ways(list(known), seed=f"{settings.seed}:{function.path}::{function.qualname}"):
        if len(found) == settings.variants:
            break
        covered = left | baseline.ever(function, known.keys() - hidden - set(gone))
        if (baseline.surely(function, gone).lines - covered.lines) & executable:
            found.append(Removal(tuple(known[key] for key in gone), covered))
        elif len(gone) == len(known):
            break  # what all of them do not uncover, some do not
    return found


def _ways(tests: Sequence[TestKey], *, seed: str) -> Iterator[tuple[TestKey, ...]]:
    if not tests:
        return
    drawn = random.Random(seed)  # noqa: S311  (no secret)
    known = {tuple(range(len(tests)))}
    yield tuple(tests)
    for _ in range(min(_TRIES * len(tests), _MOST_TRIES)):
        size = drawn.randint(1, max(1, len(tests) - 1))
        some = tuple(sorted(drawn.sample(range(len(tests)), size)))
        if some not in known:
            known.add(some)
            yield tuple(tests[place] for place in some)


def by_the_way(function: Function, links: Links) -> set[TestKey]:
    return {key_of(test) for test in links.all_of(function) if not is_about(test)}

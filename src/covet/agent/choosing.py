"""Tests → as few, and as short, as show the same.

``choose`` takes, again and again, the test that shows most of what no chosen one shows yet: the
greedy cover, within a factor of ln n of the smallest (Chvátal 1979). ``shorten`` takes out of a
test every statement without which it still passes, reaches the same new lines and rejects the same
mutants, from its end to its beginning.
"""

from collections.abc import Sequence

from covet.agent.asking import Asked
from covet.agent.judging import Judge, Piece, piece, with_source
from covet.records import FunctionExample


def choose(pieces: Sequence[Piece], *, most: int = 0) -> list[Piece]:
    """In the order in which they were taken; of those that show as much, the shortest."""
    chosen: list[Piece] = []
    shown: set[int | str] = set()
    left = list(pieces)
    while left and (not most or len(chosen) < most):
        best = min(left, key=lambda p: (-len(p.shows - shown), p.length, p.test))
        if not best.shows - shown:
            break
        chosen.append(best)
        shown |= best.shows
        left.remove(best)
    return chosen


def shorten(
    example: FunctionExample, long: Piece, *, judge: Judge, before: frozenset[str] | None
) -> Piece:
    """The piece with fewer statements, or itself."""
    language = judge.grader.language
    best = long
    tried = 0
    while True:
        source = best.asked.candidate.source
        spans = language.steps(source, best.test)
        if tried >= len(spans):
            return best
        span = spans[len(spans) - 1 - tried]
        shorter = language.without_steps(source, [span])
        found = _again(example, best, shorter, judge=judge, before=before)
        if found is None:
            tried += 1
        else:
            best = found


def _again(
    example: FunctionExample,
    old: Piece,
    source: str,
    *,
    judge: Judge,
    before: frozenset[str] | None,
) -> Piece | None:
    """The piece with another text; None where that shows less."""
    language = judge.grader.language
    candidate = with_source(old.asked.candidate, source, language)
    if candidate is None:
        return None
    tests = language.tests(source, path=example.test_path)
    if [test.qualname for test in tests] != [old.test]:
        return None
    [judged] = judge.judge(example, [Asked(candidate, old.asked.policy)])
    if not judged.holds:
        return None
    new = piece(judged, old.test, before)
    return new if new.shows >= old.shows else None

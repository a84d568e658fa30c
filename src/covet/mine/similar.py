"""Existing tests that a new one may be like, found by the words of the function.

``Corpus`` ranks the tests of a codebase by BM25 (Robertson and Zaragoza, *The Probabilistic
Relevance Framework: BM25 and Beyond*, 2009) over identifiers split into their words. It knows
nothing of a language, and of a test only its text, its name and its file's name: what a test is
known to run plays no part.

Two tests are near copies when at least ``COPY`` of the smaller one's trigrams of tokens stand in
the other as well: a test that contains another tells all of it.
"""

import re
from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath

import bm25s
import numpy as np

from covet.records import Function, Span, TestCase

COPY = 0.8
"""Share of the smaller test's trigrams from which two tests are near copies."""
NAME_WEIGHT = 6
"""How often the words of a function's name count more than the other words of its source."""

_IDENTIFIER = re.compile(r"[^\W\d]\w*|\d+")
_PART = re.compile(r"[A-Z]+(?=[A-Z][^\W\d_A-Z])|[A-Z]?[^\W\d_A-Z]+|[A-Z]+|\d+")
_TOKEN = re.compile(r"\w+|[^\w\s]")

_Key = tuple[str, Span]


def words(text: str) -> list[str]:
    """Every identifier and number in lower case, and behind each its parts where it has several:
    ``readJSON_2`` gives ``readjson_2 read json 2``.
    """
    found: list[str] = []
    for identifier in _IDENTIFIER.findall(text):
        found.append(identifier.lower())
        parts = _PART.findall(identifier)
        if len(parts) > 1:
            found += [part.lower() for part in parts]
    return found


class Corpus:
    """Tests to choose from, indexed once."""

    def __init__(self, tests: Sequence[TestCase]) -> None:
        self._tests = sorted(tests, key=lambda test: (test.path, test.span.first_line))
        self._trigrams: dict[_Key, frozenset[tuple[str, ...]]] = {}
        texts = [words(f"{_stem(test.path)} {test.qualname} {test.source}") for test in self._tests]
        self._index = bm25s.BM25() if any(texts) else None
        if self._index is not None:
            self._index.index(texts, show_progress=False)

    def like(
        self, function: Function, *, without: Sequence[TestCase], most: int
    ) -> tuple[TestCase, ...]:
        """The tests most like a function, the likest first; equals by path and line.

        None is one of ``without``, nor a near copy of one of them or of one chosen before it.
        Tests that share no word with the function are never chosen.
        """
        if most <= 0:
            return ()
        taken = [self._trigrams_of(test) for test in without]
        barred = {_key(test) for test in without}
        chosen: list[TestCase] = []
        for test in self._ranked(function):
            if _key(test) in barred:
                continue
            trigrams = self._trigrams_of(test)
            if any(_is_near_copy(trigrams, other) for other in taken):
                continue
            chosen.append(test)
            taken.append(trigrams)
            if len(chosen) == most:
                break
        return tuple(chosen)

    def _ranked(self, function: Function) -> Iterable[TestCase]:
        """Those that share a word with the function, the likest first."""
        if self._index is None:
            return
        name = words(" ".join(function.qualname.split(".")[-2:]))
        text = words(f"{function.qualname} {_stem(function.path)} {function.source}")
        scores = self._scores(text) + NAME_WEIGHT * self._scores(name)
        for place in np.argsort(-scores, kind="stable"):
            if scores[place] <= 0:
                return
            yield self._tests[place]

    def _scores(self, query: Iterable[str]) -> np.ndarray:
        """Of each test; sorted, so that sums do not depend on the order of a set."""
        assert self._index is not None
        known = self._index.get_tokens_ids(sorted(set(query)))
        return self._index.get_scores_from_ids(known)

    def _trigrams_of(self, test: TestCase) -> frozenset[tuple[str, ...]]:
        key = _key(test)
        if key not in self._trigrams:
            self._trigrams[key] = _trigrams(test.source)
        return self._trigrams[key]


def _key(test: TestCase) -> _Key:
    return test.path, test.span


def _stem(path: str) -> str:
    return PurePosixPath(path).stem


def _trigrams(source: str) -> frozenset[tuple[str, ...]]:
    """Of the tokens of a text; of a shorter text, all of it."""
    tokens = _TOKEN.findall(source)
    return frozenset(tuple(tokens[at : at + 3]) for at in range(max(1, len(tokens) - 2)))


def _is_near_copy(one: frozenset[tuple[str, ...]], other: frozenset[tuple[str, ...]]) -> bool:
    return len(one & other) >= COPY * min(len(one), len(other))

"""Functions that are nearly the same, and the files that they tie together.

Two functions are near copies when the Jaccard similarity of their shingles, which are runs of
``SHINGLE`` tokens, reaches a threshold. Pairs to look at come from MinHash (Broder, *On the
resemblance and containment of documents*, 1997) with banding (Leskovec, Rajaraman and Ullman,
*Mining of Massive Datasets*, section 3.4); each is then checked exactly, so that what is found is
true and what is missed is rare. What a token is, the language says.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Generic, TypeVar

import rensa

from covet.records import Function

T = TypeVar("T")

SHINGLE = 5
SHORTEST = 40
"""Functions of fewer tokens are never near copies: getters and wrappers are alike everywhere."""

_HASHES = 128
_SEED = 1
_MISSED = 0.001
"""Most of the pairs just at the threshold that banding may miss."""

_Shingles = frozenset[tuple[str, ...]]


def clusters(
    functions: Sequence[Function],
    *,
    threshold: float,
    tokens: Callable[[str], Sequence[str]],
) -> tuple[tuple[Function, ...], ...]:
    """Functions that are near copies of each other, or of others in between; only clusters of
    more than one. Members and clusters are in the order in which the functions were given.

    ``threshold`` is above 0 and at most 1. What ``tokens`` raises is passed on.
    """
    texts: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for at, function in enumerate(functions):
        found = tuple(tokens(function.source))
        if len(found) >= SHORTEST:
            texts[found].append(at)
    sets = [_shingles(found) for found in texts]
    joined = _Union(range(len(sets)))
    for one, other in _candidates(sets, threshold):
        if joined.root(one) != joined.root(other) and _jaccard(sets[one], sets[other]) >= threshold:
            joined.join(one, other)
    copies = list(texts.values())
    members = [sorted(at for text in group for at in copies[text]) for group in joined.groups()]
    return tuple(
        tuple(functions[at] for at in group) for group in sorted(members) if len(group) > 1
    )


def sides(files: Iterable[str], together: Iterable[Sequence[str]]) -> list[tuple[str, ...]]:
    """All files, in groups that must come to one side of a split: those that some sequence of
    ``together`` holds both of, directly or through others. Sorted; files of ``together`` that are
    not among ``files`` tie others, and are left out.
    """
    links = [tuple(paths) for paths in together]
    wanted = set(files)
    joined = _Union(sorted(wanted.union(*links)))
    for first, *others in filter(None, links):
        for other in others:
            joined.join(first, other)
    groups = (tuple(sorted(wanted.intersection(group))) for group in joined.groups())
    return sorted(filter(None, groups))


def _shingles(tokens: Sequence[str]) -> _Shingles:
    starts = range(max(1, len(tokens) - SHINGLE + 1))
    return frozenset(tuple(tokens[at : at + SHINGLE]) for at in starts)


def _jaccard(one: _Shingles, other: _Shingles) -> float:
    common = len(one & other)
    return common / (len(one) + len(other) - common)


def _candidates(sets: Sequence[_Shingles], threshold: float) -> Iterator[tuple[int, int]]:
    """Pairs of places that may be near copies, each once, later ones with earlier ones."""
    texts = [["\0".join(shingle) for shingle in sorted(each)] for each in sets]
    # The compiled module has no stubs, so that the checker sees none of its names.
    sketch_sets = rensa.RMinHash.from_token_sets  # pyrefly: ignore[missing-attribute]
    index = rensa.RMinHashLSH  # pyrefly: ignore[missing-attribute]
    bands = index(threshold=threshold, num_perm=_HASHES, num_bands=_bands(threshold))
    for at, sketch in enumerate(sketch_sets(texts, num_perm=_HASHES, seed=_SEED)):
        for other in sorted(bands.query(sketch)):
            yield other, at
        bands.insert(at, sketch)


def _bands(threshold: float) -> int:
    """Fewest bands, and so fewest candidates, that miss no more than ``_MISSED`` of the pairs at
    the threshold: with ``r`` hashes in each of ``b`` bands, a pair is missed by ``(1 - t^r)^b``.
    """
    bands = 8
    while bands < _HASHES and (1 - threshold ** (_HASHES // bands)) ** bands > _MISSED:
        bands *= 2
    return bands


class _Union(Generic[T]):
    """Disjoint sets of items: the forest of Tarjan, with paths halved."""

    def __init__(self, items: Iterable[T]) -> None:
        self._above = {item: item for item in items}

    def root(self, item: T) -> T:
        while self._above[item] != item:
            self._above[item] = item = self._above[self._above[item]]
        return item

    def join(self, one: T, other: T) -> None:
        self._above[self.root(other)] = self.root(one)

    def groups(self) -> list[list[T]]:
        """In the order of their first items."""
        found: dict[T, list[T]] = defaultdict(list)
        for item in self._above:
            found[self.root(item)].append(item)
        return list(found.values())

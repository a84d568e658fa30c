"""Whether an instruction stands in another set of instructions too, whole or in part.

Two instructions overlap where they are the same but for white space and case, or where a share of
the n-grams of the one stand anywhere in the other set, of words without punctuation: n = 13 as in
Brown et al. 2020 (arXiv:2005.14165), appendix C. One shorter than n words is compared whole.
"""

import re
from collections.abc import Iterable, Iterator

Gram = tuple[str, ...]


class Overlap:
    """The other set, taken to pieces once."""

    def __init__(self, instructions: Iterable[str], *, n: int) -> None:
        self._n = n
        self._grams: set[Gram] = set()
        self._known: set[str] = set()
        for text in instructions:
            self.add(text)

    def add(self, instruction: str) -> bool:
        """Whether it did not stand there whole."""
        whole = _whole(instruction)
        is_new = whole not in self._known
        self._known.add(whole)
        self._grams.update(_grams(_words(instruction), self._n))
        return is_new

    def share(self, instruction: str) -> float:
        """Of its n-grams, those that stand in the other set; 1 where it stands there whole."""
        if _whole(instruction) in self._known:
            return 1.0
        grams = list(_grams(_words(instruction), self._n))
        return sum(gram in self._grams for gram in grams) / len(grams) if grams else 0.0


def _whole(text: str) -> str:
    return " ".join(text.lower().split())


def _words(text: str) -> Gram:
    return tuple(re.findall(r"\w+", text.lower()))


def _grams(words: Gram, n: int) -> Iterator[Gram]:
    return (words[start : start + n] for start in range(len(words) - n + 1))

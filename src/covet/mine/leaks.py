"""Whether anything of the held-out side can be seen from the training side.

Nothing of a held-out function may stand in a training row: not its file, no near copy of it, no
test that is about it, in whatever file that stands. ``check`` is run on every dataset before it is
written; what it finds is a fault of the miner.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from covet.errors import DataError
from covet.languages.base import Language
from covet.mine.collected import TestKey, key_of
from covet.records import Function, FunctionExample, Reference


def check(
    examples: Sequence[FunctionExample],
    references: Mapping[str, Reference],
    *,
    clusters: Iterable[Sequence[Function]],
    about: Mapping[str, frozenset[TestKey]],
    language: Language,
) -> None:
    """``about``: by source path, the tests about its functions. ``DataError`` names every leak."""
    found = list(_leaks(examples, references, clusters, about, language))
    if found:
        raise DataError(
            f"{len(found)} leaks between training and held-out tasks: " + "; ".join(found[:5])
        )


def _leaks(
    examples: Sequence[FunctionExample],
    references: Mapping[str, Reference],
    clusters: Iterable[Sequence[Function]],
    about: Mapping[str, frozenset[TestKey]],
    language: Language,
) -> Iterator[str]:
    side = {example.function.path: example.split != "train" for example in examples}
    for example in examples:
        if side[example.function.path] != (example.split != "train"):
            yield f"{example.function.path} is on both sides"
    for cluster in clusters:
        sides = {side[function.path] for function in cluster if function.path in side}
        if len(sides) > 1:
            names = ", ".join(f"{f.path}::{f.qualname}" for f in cluster)
            yield f"near copies are on both sides: {names}"
    secret = frozenset[TestKey]().union(
        *(keys for path, keys in about.items() if side.get(path, False))
    )
    secret_names: dict[str, set[str]] = defaultdict(set)
    for path, name in secret:
        secret_names[path].add(name.rpartition(".")[2])
    shown: dict[tuple[str, str], frozenset[TestKey]] = {}
    for example in examples:
        if example.split != "train":
            continue
        file = example.test_path, example.test_file
        if file not in shown:
            shown[file] = _tests_named(secret_names[example.test_path], example, language)
        reference = references.get(example.id)
        others = (*example.tests, *example.similar, *(reference.tests if reference else ()))
        for key in sorted((shown[file] | set(map(key_of, others))) & secret):
            yield f"{example.id} shows {key[0]}::{key[1]}, which is about a held-out function"


def _tests_named(
    names: set[str], example: FunctionExample, language: Language
) -> frozenset[TestKey]:
    """The tests of the example's file; none where no such name stands in it at all, which is soon
    seen. A name that is not ASCII can be written in several ways.
    """
    text = example.test_file
    if text.isascii() and names.isdisjoint(_WORD.findall(text)):
        return frozenset()
    return frozenset(map(key_of, language.tests(text, path=example.test_path)))


_WORD = re.compile(r"\w+")

"""Which files training sees, and which are held out."""

import hashlib
from collections.abc import Iterable, Sequence

from covet import config
from covet.mine.functions import matches
from covet.mine.near import sides
from covet.records import Function, Split


def split_files(
    paths: Iterable[str], clusters: Iterable[Sequence[Function]], settings: config.Mine
) -> dict[str, Split]:
    """The split of each file.

    A file that a glob of ``mine.reserved`` fits is reserved, with all that are tied to it. Files
    that hold near copies of each other's functions are tied, and come to one side. The others are
    put in an order that depends on ``mine.seed`` and their names alone; the first ``mine.heldout``
    of them, counted in files and rounded, are held out: at least one where there are two, never
    all. A group of tied files that would not fit goes to training.
    """
    known = set(paths)
    ties = [tuple({function.path for function in cluster}) for cluster in clusters]
    groups = sides(known, ties)
    reserved = {
        path
        for group in groups
        if any(matches(path, settings.reserved) for path in group)
        for path in group
    }
    drawn = sorted(
        (group for group in groups if not reserved.intersection(group)),
        key=lambda group: (_draw(group[0], settings.seed), group),
    )
    files = sum(map(len, drawn))
    number = round(settings.heldout * files)
    if 0 < settings.heldout < 1 and len(drawn) > 1:
        number = min(max(number, 1), files - 1)
    heldout: set[str] = set()
    for group in drawn:
        if len(heldout) + len(group) <= number:
            heldout.update(group)
    if not heldout and number and len(drawn) > 1:
        heldout.update(min(drawn, key=len))
    found: dict[str, Split] = {}
    for path in sorted(known):
        found[path] = "reserved" if path in reserved else "heldout" if path in heldout else "train"
    return found


def _draw(path: str, seed: int) -> bytes:
    return hashlib.sha256(f"{seed}:{path}".encode()).digest()

"""What people wrote where examples ask for tests: for warm-up and evaluation, and for nothing else.

References lie in a file of their own beside the examples. What learns from rewards reads examples,
which have no field for them, and does not import this module (import-linter sees to that).
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

from covet.errors import DataError
from covet.records import Reference
from covet.runlog import encode, read_jsonl

FILE = "references.jsonl"


def rows(references: Iterable[Reference]) -> bytes:
    return b"".join(encode(reference) + b"\n" for reference in references)


def read_references(folder: Path) -> Mapping[str, Reference]:
    """By example; empty where the dataset has none. ``DataError`` where the file is damaged."""
    path = folder / FILE
    if not path.exists():
        return {}
    found: dict[str, Reference] = {}
    for reference in read_jsonl(path, Reference):
        if reference.example in found:
            raise DataError(f"{path}: two references for {reference.example}; mine it again")
        found[reference.example] = reference
    return found

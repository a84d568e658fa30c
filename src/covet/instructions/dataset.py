"""A dataset of instructions on disk: ``train.jsonl`` and ``heldout.jsonl``, an example a line."""

from collections.abc import Sequence
from pathlib import Path

from covet.errors import DataError
from covet.records import InstructionExample
from covet.runlog import encode, read_jsonl, write_whole

FILES = {"train": "train.jsonl", "heldout": "heldout.jsonl"}


def write_examples(folder: Path, examples: Sequence[InstructionExample]) -> None:
    """Both files, each replaced whole."""
    for split, name in FILES.items():
        rows = [encode(one) + b"\n" for one in examples if one.split == split]
        write_whole(folder / name, b"".join(rows))


def read_examples(source: Path, *, split: str = "") -> list[InstructionExample]:
    """Of a folder, or of one file; ``split``: those alone.

    ``DataError`` where there are none, or two have one id.
    """
    paths = [source / name for name in FILES.values()] if source.is_dir() else [source]
    there = [path for path in paths if path.is_file()]
    if not there:
        raise DataError(
            f"{source}: no tasks there; give a folder that `covet instructions` wrote, or a file"
            " of such lines"
        )
    found = [one for path in there for one in read_jsonl(path, InstructionExample)]
    found = [one for one in found if not split or one.split == split]
    if not found:
        raise DataError(f"{source}: it has no {split + ' ' if split else ''}tasks")
    if len({one.id for one in found}) < len(found):
        raise DataError(f"{source}: two tasks have one id")
    return found

"""A file or the name of a dataset → its rows.

JSON lines, gzipped or not, and a JSON list are read here; parquet files, and names such as
``BAAI/TACO``, through ``datasets`` (the extra ``data``), which fetches a name from Hugging Face.
No loading script of a dataset is ever run.
"""

import json
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, cast

from covet.errors import DataError, EnvironmentNotReady
from covet.runlog import unzipped

Row = Mapping[str, Any]


def read_rows(source: str, *, split: str = "train", name: str = "") -> Iterator[Row]:
    """``split`` and ``name`` (of a configuration) are those of a dataset that is no file.

    ``DataError`` names the line that is no JSON object; ``EnvironmentNotReady`` where ``datasets``
    is needed and missing.
    """
    path = Path(source).expanduser()
    if path.suffix == ".parquet" or not path.exists():
        if path.suffix in (".jsonl", ".json", ".gz", ".parquet") and not path.exists():
            raise DataError(f"{path}: no such file")
        return _by_datasets(source, path, split=split, name=name)
    if path.is_dir():
        raise DataError(f"{path}: is a folder; give one of its files")
    return _lines(path)


def _lines(path: Path) -> Iterator[Row]:
    data = unzipped(path)
    if data.lstrip()[:1] == b"[":
        yield from _objects(path, data)
        return
    for number, line in enumerate(data.split(b"\n"), 1):
        if line.strip():
            yield _object(line, f"{path}, line {number}")


def _objects(path: Path, data: bytes) -> Iterator[Row]:
    try:
        rows = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise DataError(f"{path}: is no JSON list ({error})") from error
    for number, row in enumerate(rows, 1):
        if not isinstance(row, dict):
            raise DataError(f"{path}, item {number}: is no JSON object")
        yield cast("Row", row)


def _object(line: bytes, place: str) -> Row:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise DataError(f"{place}: is no JSON ({error})") from error
    if not isinstance(row, dict):
        raise DataError(f"{place}: is no JSON object")
    return cast("Row", row)


def _by_datasets(source: str, path: Path, *, split: str, name: str) -> Iterator[Row]:
    try:
        datasets: Any = import_module("datasets")
    except ImportError as error:
        raise EnvironmentNotReady(
            f"{source}: parquet files and datasets by name are read with `datasets`; install Covet"
            " with its extra data (pip install 'covet[data]'), or give a JSON lines file"
        ) from error
    try:
        if path.suffix == ".parquet":
            loaded = datasets.load_dataset("parquet", data_files=str(path), split="train")
        else:
            loaded = datasets.load_dataset(source, name or None, split=split)
    except Exception as error:  # its own, of the hub's client, of arrow: whatever keeps it away
        told = " ".join(str(error).split())[:300]
        raise DataError(f"{source}: cannot be loaded by datasets ({told})") from error
    return (cast("Row", row) for row in loaded)

"""A dataset: the examples of a codebase, split, with a report of all that was left out and why.

A dataset folder holds ``train.jsonl``, ``heldout.jsonl`` and, where files are reserved by name,
``reserved.jsonl``, one ``FunctionExample`` a line in plain JSON types; ``references.jsonl``, which
learning from rewards does not read; ``manifest.json``, which is the ``Report``; and ``README.md``.
It holds no time and no random number: the same codebase and settings give the same bytes.
"""

import os
import platform
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import get_args

import msgspec

import covet
from covet.errors import DataError
from covet.mine import references as apart
from covet.mine.baseline import SuiteReport
from covet.records import FunctionExample, Reference, Split
from covet.runlog import decode, encode, read_jsonl
from covet.secrets import Secret

SPLITS: tuple[Split, ...] = get_args(Split)
FORMAT = 2
"""Of the folder; a reader refuses any other."""


@dataclass(frozen=True, slots=True)
class Report:
    """What mining a codebase gave."""

    codebase: str
    """Its root."""
    within: str
    """The folder in it that was mined; empty: all of it."""
    functions: int
    """How many it has."""
    files: dict[str, int]
    """Files with examples, by split."""
    examples: dict[str, int]
    """By split."""
    removed: int
    """Examples that were made by removing tests."""
    dropped: dict[str, int]
    """Functions left out, by reason."""
    links: dict[str, int]
    """Links between existing tests and the functions of examples, by evidence."""
    untested: int
    """Examples whose function no existing test is linked to."""
    near: tuple[tuple[str, ...], ...]
    """Functions that are near copies of each other, and so on one side."""
    checked: int
    """Examples whose baseline and reference were checked by running."""
    differing: dict[str, str]
    """Those that were otherwise than worked out, and how. What was measured counts."""
    unfit: tuple[str, ...]
    """Existing tests that do not pass within a candidate's limits and walls. They count for what is
    covered, and are shown in no test file that candidates are added to."""
    secrets: tuple[Secret, ...]
    """Where secrets stand in the codebase's files. They are taken out of prompts and answers; the
    rows hold the files as they are.
    """
    unreadable: dict[str, str]
    """Files that could not be read or parsed, with why."""
    passed_over: int
    """Files that are generated, or programs."""
    not_imported: dict[str, str]
    """Modules that could not be imported, with why."""
    suite: SuiteReport
    seed: int
    heldout: float
    reserved: tuple[str, ...]
    gaps_only: bool
    versions: dict[str, str] = field(default_factory=dict)
    format: int = FORMAT


@dataclass(frozen=True, slots=True)
class Dataset:
    """Examples by split, each in the order of their files, and where they came from."""

    examples: tuple[FunctionExample, ...]
    report: Report

    def split(self, name: Split) -> tuple[FunctionExample, ...]:
        return tuple(example for example in self.examples if example.split == name)


def write(dataset: Dataset, references: Mapping[str, Reference], folder: Path) -> None:
    """Write a dataset folder; a reader sees all of it or what was there before.

    Raises ``DataError`` where the folder holds something that is not a dataset.
    """
    if folder.exists() and not _may_be_replaced(folder):
        raise DataError(f"{folder}: holds something that is not a dataset; name another folder")
    part = folder.with_name(f".{folder.name}.{os.getpid()}.part")
    old = folder.with_name(f".{folder.name}.{os.getpid()}.old")
    try:
        part.mkdir(parents=True)
        for name, data in _files(dataset, references):
            (part / name).write_bytes(data)
        if folder.exists():
            folder.rename(old)
        part.rename(folder)
    except OSError as error:
        raise DataError(f"{folder}: cannot be written ({error.strerror})") from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)


def _may_be_replaced(folder: Path) -> bool:
    return folder.is_dir() and (not any(folder.iterdir()) or (folder / "manifest.json").exists())


def read(folder: Path) -> Dataset:
    """The dataset in a folder; ``DataError`` says what is wrong where there is none."""
    manifest = folder / "manifest.json"
    try:
        report = decode(manifest.read_bytes(), Report)
    except OSError as error:
        raise DataError(
            f"{folder}: not a dataset, it has no manifest.json; make one with `covet mine`"
        ) from error
    except DataError as error:
        raise DataError(f"{manifest}: not the manifest of a dataset: {error}") from error
    if report.format != FORMAT:
        raise DataError(
            f"{folder}: format {report.format} of a dataset, and this Covet reads {FORMAT}; mine"
            " it again"
        )
    examples: list[FunctionExample] = []
    for split in SPLITS:
        expected = report.examples.get(split, 0)
        found = list(read_jsonl(folder / f"{split}.jsonl", FunctionExample)) if expected else []
        if len(found) != expected or any(example.split != split for example in found):
            raise DataError(
                f"{folder / f'{split}.jsonl'}: the manifest says {expected} examples of that"
                f" split, and it holds {len(found)}; mine it again"
            )
        examples += found
    return Dataset(tuple(examples), report)


def versions() -> dict[str, str]:
    return {"covet": covet.__version__, "python": platform.python_version()}


def _files(dataset: Dataset, references: Mapping[str, Reference]) -> Iterator[tuple[str, bytes]]:
    for split in SPLITS:
        rows = dataset.split(split)
        if rows or split != "reserved":
            yield f"{split}.jsonl", b"".join(encode(row) + b"\n" for row in rows)
    if references:
        yield (
            apart.FILE,
            apart.rows(references[row.id] for row in dataset.examples if row.id in references),
        )
    yield "manifest.json", msgspec.json.format(encode(dataset.report), indent=2) + b"\n"
    yield "README.md", _card(dataset.report).encode()


def _card(report: Report) -> str:
    mined = Path(report.codebase) / report.within
    present = [split for split in SPLITS if report.examples.get(split) or split != "reserved"]
    data_files = "".join(f"  - split: {split}\n    path: {split}.jsonl\n" for split in present)
    rows = "".join(
        f"| {split} | {report.files.get(split, 0)} | {report.examples.get(split, 0)} |\n"
        for split in present
    )
    drops = "".join(f"| {reason} | {number} |\n" for reason, number in report.dropped.items())
    reserved = ", ".join(f"`{glob}`" for glob in report.reserved) or "nothing"
    return f"""---
configs:
- config_name: default
  data_files:
{data_files}---

# Test-writing tasks of {mined.name}

Mined by Covet {report.versions.get("covet", "")} from `{mined}`. One task is one
function: write tests that pass, reach lines of it that the existing suite does not reach, and
reject wrong versions of it. The rows are Covet's record `FunctionExample`; its fields are described
in `covet/records.py`.

| split | files | tasks |
|---|---|---|
{rows}
A file is in one split with all its functions. `heldout` is drawn at random (seed
{report.seed}, share {report.heldout}); `reserved` is named in the settings:
{reserved}.

Of {report.functions} functions these were left out:

| why | functions |
|---|---|
{drops}
{_suite_sentence(report.suite)}

{_secrets_sentence(report)}The text of the codebase, its tests included, is in every row:
share this folder only with those who may read the codebase.
"""


def _secrets_sentence(report: Report) -> str:
    if not report.secrets:
        return ""
    count = len(report.secrets)
    return (
        f"{count} places look like secrets; `manifest.json` lists them. They are taken out of"
        " prompts, and not of the rows.\n\n"
    )


def _suite_sentence(suite: SuiteReport) -> str:
    if suite.problem:
        return (
            f"The existing suite could not be run ({suite.problem}): what counts as covered is what"
            " importing alone reaches."
        )
    return (
        f"Of the existing suite {suite.passed} tests pass, {len(suite.failing)} fail and"
        f" {len(suite.unstable)} do so now and then; `manifest.json` names them."
    )

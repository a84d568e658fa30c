"""Files of recorded candidates → the texts that there are for each task, and how they are graded.

A row names its task by ``example_id`` and holds ``texts``, answers as a policy gives them; or it
names a segment of a file (``file``, ``first_line``, ``last_line``) and holds a whole test file
(``completion``), which belongs to the task of that segment, or of the function around it.
"""

import ast
import posixpath
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from covet.errors import DataError
from covet.records import Candidate, Completion, FunctionExample, Prompt
from covet.rollout import Roller
from covet.rollout.rollout import Read
from covet.runlog import unzipped


@dataclass(frozen=True, slots=True)
class Held:
    """What was recorded for some tasks."""

    texts: Mapping[str, tuple[str, ...]]
    """By task, in the order of the files."""
    are_files: bool
    """Whether each is a whole test file, and no answer."""
    elsewhere: int = 0
    """Candidates of other tasks."""
    seconds: Mapping[str, float] = field(default_factory=dict)
    """By task, how long it took to write them; empty where it is not known."""

    @property
    def counts(self) -> dict[str, int]:
        return {task: len(texts) for task, texts in self.texts.items()}


def read_held(
    paths: Sequence[Path], where: Mapping[str, str], examples: Sequence[FunctionExample]
) -> Held:
    """``DataError`` where a row is of neither kind, or the files mix both."""
    ids = {example.id for example in examples}
    by_file: dict[str, list[FunctionExample]] = {}
    for example in examples:
        by_file.setdefault(example.function.path, []).append(example)
    texts: dict[str, list[str]] = {}
    kinds: set[bool] = set()
    elsewhere = 0
    for place, row in _rows(paths):
        if any(str(row.get(key)) != value for key, value in where.items()):
            continue
        is_file, task, found = _read(row, ids, by_file, place=place)
        kinds.add(is_file)
        if task:
            texts.setdefault(task, []).extend(found)
        else:
            elsewhere += len(found)
    if len(kinds) > 1:
        raise DataError(f"{paths[0]}: answers and whole test files are mixed; part them")
    return Held({task: tuple(found) for task, found in texts.items()}, True in kinds, elsewhere)


def _read(
    row: Mapping[str, Any],
    ids: set[str],
    by_file: Mapping[str, Sequence[FunctionExample]],
    *,
    place: str,
) -> tuple[bool, str, list[str]]:
    """Whether it is a whole file; its task, empty where it has none; and its texts."""
    match row:
        case {"example_id": str(task), "texts": [*texts]} if all(
            isinstance(text, str) for text in texts
        ):
            return False, task if task in ids else "", texts
        case {
            "file": str(file),
            "first_line": int(first),
            "last_line": int(last),
            "completion": str(text),
        }:
            tasks = by_file.get(posixpath.normpath(file), ())
            return True, _task_of(tasks, first, last), [text]
        case _:
            raise DataError(
                f"{place}: a row has example_id and texts, or file, first_line, last_line and"
                " completion"
            )


def _task_of(tasks: Sequence[FunctionExample], first: int, last: int) -> str:
    """The task of exactly those lines, else the one of the smallest function around them."""
    around = [
        task
        for task in tasks
        if task.function.span.first_line <= first and last <= task.function.span.last_line
    ]
    sizes = [task.function.span.last_line - task.function.span.first_line for task in around]
    return around[sizes.index(min(sizes))].id if around else ""


def _rows(paths: Sequence[Path]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each with its place, for people."""
    for path in paths:
        for number, line in enumerate(unzipped(path).splitlines(), 1):
            if not line.strip():
                continue
            try:
                yield f"{path}, line {number}", msgspec.json.decode(line, type=dict[str, Any])
            except msgspec.DecodeError as error:
                raise DataError(f"{path}, line {number}: {error}") from error


class FileRoller(Roller):
    """A roller for whole test files: nobody is asked, and what parses is run as it is."""

    # typing has ``override`` from 3.12 on.
    def prompt(  # pyrefly: ignore[missing-override-decorator]
        self, example: FunctionExample
    ) -> Prompt:
        return Prompt(example.id, "", "", "file")

    def read(  # pyrefly: ignore[missing-override-decorator]
        self, completion: Completion, example: FunctionExample, prompt: Prompt
    ) -> Read:
        text = completion.text
        if _is_python(text) and self.language.tests(text, path=example.test_path):
            return Read(Candidate(example.test_path, text, text), "", is_whole=True)
        return Roller.read(self, completion, example, prompt)


def _is_python(text: str) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True

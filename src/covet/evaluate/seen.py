"""Whether what a policy learned from shows anything of the tasks that it is tried on.

A model that a run of Covet made knows that run: its tasks are read again and held against those of
the scorecard. Of other models nothing is known, and that is what is said.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from covet.errors import DataError
from covet.evaluate.entrants import EMBEDDED
from covet.languages.base import Language
from covet.mine import read
from covet.mine.near import clusters
from covet.records import FunctionExample
from covet.runlog import decode, read_jsonl

_RUNS = 8
"""Most runs that one went on from another."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of what a policy learned from."""

    tasks: int | None = None
    """How many tasks it was shown; None: not known."""
    leaks: tuple[str, ...] = ()
    """What of them is of the scorecard's."""
    why: str = ""
    """Where it is not known."""


NOT_ASKED = Seen()


def seen_by(
    model: str, tasks: Sequence[FunctionExample], *, language: Language, near: float
) -> Seen:
    """``model``: a folder or a name. ``near``: as ``mine.near``, from which likeness on functions
    are near copies.
    """
    run = run_of(Path(model)) if model != EMBEDDED else None
    if run is None:
        return Seen(why="no run of Covet made it, so that what it was trained on is not known")
    try:
        shown = list(_shown(run))
    except (DataError, OSError) as error:
        return Seen(why=f"{run.name}: its tasks cannot be read: {error}")
    return Seen(len(shown), tuple(leaks(tasks, shown, language=language, near=near)))


def run_of(model: Path) -> Path | None:
    """The directory of the run that left a model folder; None where no run did."""
    found = model if model.is_dir() else None
    for folder in [found, *found.resolve().parents][:4] if found else ():
        if folder is not None and (folder / "covet.toml").is_file():
            return folder if (folder / "manifest.json").is_file() else None
    return None


def _shown(run: Path) -> Iterator[FunctionExample]:
    """The tasks that a run, and those that it went on from, learned from."""
    at: Path | None = run
    for _ in range(_RUNS):
        if at is None:
            return
        manifest = decode((at / "manifest.json").read_bytes(), dict[str, Any])
        folder = Path(str(manifest.get("tasks") or at / "tasks"))
        ids = _ids(at)
        yield from (one for one in read(folder).examples if one.id in ids)
        model = str(manifest.get("model", ""))
        at = run_of(Path(model)) if model not in ("", EMBEDDED) else None


def _ids(run: Path) -> set[str]:
    """By the run's rollouts, or its demonstrations."""
    found: set[str] = set()
    for name in ("rollouts.jsonl", "demonstrations.jsonl"):
        path = run / name
        for row in read_jsonl(path, dict[str, Any]) if path.exists() else ():
            if row.get("split", "train") == "train":
                found.add(str(row.get("example_id") or row.get("prompt", {}).get("example_id")))
    return found


def leaks(
    tasks: Iterable[FunctionExample],
    shown: Iterable[FunctionExample],
    *,
    language: Language,
    near: float,
) -> Iterator[str]:
    """Each thing of ``tasks`` that stands in ``shown``: a file of theirs, a near copy of one of
    their functions, a test that is linked to one.
    """
    held, training = list(tasks), list(shown)
    files = {task.function.path for task in training}
    for path in sorted({task.function.path for task in held} & files):
        yield f"{path}: training had tasks of this file"
    ours = {(task.function.path, task.function.qualname): task.function for task in held}
    theirs = {(task.function.path, task.function.qualname): task.function for task in training}
    functions = list({**theirs, **ours}.values())
    for group in clusters(functions, threshold=near, tokens=language.tokens):
        names = [f"{one.path}::{one.qualname}" for one in group]
        sides = [(one.path, one.qualname) in ours for one in group]
        if True in sides and False in sides:
            ours_is, theirs_is = names[sides.index(True)], names[sides.index(False)]
            yield f"{ours_is}: training had a near copy, {theirs_is}"
    about = {(test.path, test.qualname): task.id for task in held for test in task.tests}
    told: set[tuple[str, str]] = set()
    for task in training:
        kept = language.tests(task.test_file, path=task.test_path) if task.test_file else ()
        for test in (*task.tests, *task.similar, *kept):
            key = test.path, test.qualname
            if key in about and key not in told:
                told.add(key)
                yield f"{about[key]}: training was shown its test {test.path}::{test.qualname}"

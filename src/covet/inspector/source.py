"""What is looked at: run directories and dataset folders, by name, and nothing else.

Folders are read and never written. A run may be a copy from another machine, may have crashed, and
may still go on; what it lacks is missing on its pages.
"""

import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from covet import config
from covet.errors import ConfigError, DataError
from covet.evaluate import scorecard
from covet.evaluate.rows import path_of
from covet.evaluate.scorecard import Scorecard
from covet.inspector.address import Address
from covet.inspector.curves import Row, read_steps
from covet.inspector.files import whole_file
from covet.inspector.index import Index
from covet.languages.python import PYTHON
from covet.mine.dataset import SPLITS
from covet.records import FunctionExample, InstructionExample, Span
from covet.runlog import decode

T = TypeVar("T")
OF_A_RUN = ("covet.toml", "metrics.jsonl", "rollouts.jsonl", "evaluations")
"""A folder with one of these is a run's."""
ALL = 1_000_000
"""Mutants of a function: all there are."""


@dataclass(slots=True)
class Run:
    """A run directory. What is read of it is read again when its file has changed."""

    name: str
    folder: Path
    _kept: dict[str, tuple[object, Any]] = field(default_factory=dict)

    @property
    def manifest(self) -> dict[str, Any]:
        """Empty where there is none, or none that can be read."""
        return self._fresh("manifest.json", lambda: _json(self.folder / "manifest.json"))

    @property
    def tables(self) -> dict[str, dict[str, Any]]:
        """The settings as the file has them."""
        return self._fresh("covet.toml", lambda: _toml(self.folder / "covet.toml"))

    @property
    def settings(self) -> config.Config:
        """The settings; the defaults stand in for those of another version of Covet."""
        try:
            return config.parse(self.tables, origin=str(self.folder / "covet.toml"))
        except ConfigError:
            return config.Config()

    @property
    def steps(self) -> list[Row]:
        return self._fresh("metrics.jsonl", lambda: read_steps(self.folder))

    @property
    def scorecard_json(self) -> dict[str, Any]:
        """What a finished evaluation left; empty where there is none."""
        return self._fresh("scorecard.json", lambda: _json(self.folder / "scorecard.json"))

    @property
    def evaluations(self) -> tuple[str, ...]:
        """Their names: ``before`` and ``after`` first, the rest by name."""
        known = {"before": 0, "after": 1}
        found = (self.folder / "evaluations").glob("*.jsonl")
        names = [path.stem for path in found if path.is_file()]
        return tuple(sorted(names, key=lambda name: (known.get(name, 2), name)))

    def scorecard(self, evaluation: str) -> Scorecard:
        """Of what is there of an evaluation, maybe nothing."""
        name = str(path_of(self.folder, evaluation).relative_to(self.folder))
        read = scorecard.read
        return self._fresh(
            name, lambda: read(self.folder, evaluation, settings=self.settings.evaluate)
        )

    @property
    def goes_on(self) -> bool:
        """Whether a process of this machine is writing there now."""
        try:
            held = (self.folder / ".lock").stat()
            locks = Path("/proc/locks").read_text(encoding="ascii")
        except OSError:
            return False
        # Looked up and not tried: to take the lock, however shortly, could stand in a run's way.
        return f":{held.st_ino} " in locks

    def _fresh(self, name: str, read: Callable[[], T]) -> T:
        try:
            told = (self.folder / name).stat()
            stamp: object = (told.st_mtime_ns, told.st_size)
        except OSError:
            stamp = None
        known = self._kept.get(name)
        if known is None or known[0] != stamp:
            known = self._kept[name] = (stamp, read())
        return known[1]


@dataclass(frozen=True, slots=True)
class DatasetFolder:
    """A folder of tasks."""

    name: str
    folder: Path

    @property
    def manifest(self) -> dict[str, Any]:
        return _json(self.folder / "manifest.json")


@dataclass(frozen=True, slots=True)
class Source:
    """Everything that pages are made of."""

    runs: tuple[Run, ...]
    datasets: tuple[DatasetFolder, ...]
    index: Index
    tasks_of: Mapping[str, tuple[str, ...]]
    """By run, the datasets that its tasks may stand in, the likeliest first."""

    def run(self, name: str) -> Run:
        """``DataError`` where there is none of that name; the first of all where it is empty."""
        for run in self.runs:
            if name in ("", run.name):
                return run
        raise DataError(f"there is no run {name!r} here")

    def dataset(self, name: str) -> DatasetFolder:
        for one in self.datasets:
            if name in ("", one.name):
                return one
        raise DataError(f"there is no dataset {name!r} here")

    def example(self, run: Run, example: str) -> FunctionExample | InstructionExample | None:
        """A task of a run; None where no dataset at hand holds it."""
        for name in self.tasks_of.get(run.name, ()):
            if (found := self.task(name, example)) is not None:
                return found
        return None

    def task(self, dataset: str, example: str) -> FunctionExample | InstructionExample | None:
        rows = self.index.ask(
            "SELECT kind, file, start, size FROM tasks WHERE owner = ? AND id = ?",
            (dataset, example),
        )
        if not rows:
            return None
        kind = InstructionExample if rows[0]["kind"] == "instruction" else FunctionExample
        try:
            return decode(self.index.line(rows[0]), kind)
        except DataError:
            return None  # of another version of Covet

    def task_address(self, run: Run, example: str) -> Address | None:
        """The page of a run's task; None where no dataset at hand holds it."""
        for name in self.tasks_of.get(run.name, ()):
            if self.index.ask("SELECT 1 FROM tasks WHERE owner = ? AND id = ?", (name, example)):
                return Address.of("example", dataset=name, id=example)
        return None

    def follow(self) -> None:
        """Also evaluations that have begun since."""
        for run in self.runs:
            self.index.follow(run.name, run.folder / "rollouts.jsonl", "rollouts")
            for name in run.evaluations:
                self.index.follow(run.name, path_of(run.folder, name), "evaluated")
        for one in self.datasets:
            for split in SPLITS:
                self.index.follow(one.name, one.folder / f"{split}.jsonl", "tasks")


@lru_cache(maxsize=64)
def mutant_diffs(source_file: str, span: Span) -> Mapping[str, str]:
    """By id, all mutants of a function: made again, since rollouts name them only."""
    return {one.id: one.diff for one in PYTHON.mutants(source_file, span, limit=ALL)}


def open_source(paths: Sequence[Path]) -> Source:
    """The runs and datasets at ``paths``, or in folders there; without any, the newest run in
    ``runs/``. Datasets of runs are found where the runs tell, if they are there.

    Raises ``DataError`` where a path holds neither.
    """
    folders = [folder for path in paths or [_newest()] for folder in _found(path)]
    runs = [Run(name, folder) for name, folder in _named(filter(_is_run, folders))]
    own = {run.name: _tasks(run) for run in runs}
    given = [folder for folder in folders if not _is_run(folder)]
    unique = {folder.resolve(): folder for folder in [*filter(None, own.values()), *given]}
    datasets = [DatasetFolder(name, folder) for name, folder in _named(unique.values())]
    by_folder = {one.folder.resolve(): one.name for one in datasets}
    tasks_of = {
        run.name: tuple(
            dict.fromkeys(
                by_folder[folder.resolve()] for folder in (own[run.name], *given) if folder
            )
        )
        for run in runs
    }
    source = Source(tuple(runs), tuple(datasets), Index(), tasks_of)
    source.follow()
    return source


def _newest() -> Path:
    found = [folder for folder in Path("runs").glob("*") if _is_run(folder)]
    if not found:
        raise DataError("no run in runs/; name a run directory, or make one with: covet demo")
    return max(found, key=lambda folder: folder.stat().st_mtime)


def _found(path: Path) -> Iterator[Path]:
    if _is_run(path) or _is_dataset(path):
        yield path
        return
    inside = sorted(one for one in path.glob("*") if _is_run(one) or _is_dataset(one))
    if not inside:
        told = "is not there" if not path.exists() else "has no manifest.json of a run or dataset"
        raise DataError(
            f"{path}: no run directory: it {told}; a run is what `covet demo` or `covet train`"
            " leaves, a dataset what `covet mine` writes"
        )
    yield from inside


def _is_run(path: Path) -> bool:
    return path.is_dir() and any((path / name).exists() for name in OF_A_RUN)


def _is_dataset(path: Path) -> bool:
    return any((path / f"{split}.jsonl").exists() for split in SPLITS)


def _tasks(run: Run) -> Path | None:
    told = run.manifest.get("tasks")
    beside = [run.folder / "tasks", *([Path(str(told))] if told else [])]
    return next((path for path in beside if _is_dataset(path)), None)


def _named(folders: Iterable[Path]) -> Iterator[tuple[str, Path]]:
    """Each with the shortest end of its path that is no other's."""
    listed: list[Path] = list(dict.fromkeys(folders))
    for folder in listed:
        parts = folder.resolve().parts
        for length in range(1, len(parts) + 1):
            name = "/".join(parts[-length:])
            others = [one for one in listed if one.resolve().parts[-length:] == parts[-length:]]
            if len(others) == 1:
                break
        yield name, folder


def _json(path: Path) -> dict[str, Any]:
    try:
        return decode(whole_file(path), dict[str, Any])
    except (OSError, DataError):
        return {}


def _toml(path: Path) -> dict[str, dict[str, Any]]:
    try:
        tables = tomllib.loads(whole_file(path).decode())
    except (OSError, ValueError, RecursionError):
        return {}
    return {name: table for name, table in tables.items() if isinstance(table, dict)}

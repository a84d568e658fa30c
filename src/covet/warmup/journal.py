"""Every answer of the teacher, kept as it comes.

``traces.jsonl`` in the run's folder has a line for each, good or not, and is only appended to: what
was paid for is never asked for again, however a run ends. Answers are known by what they depend on
(``key``): the teacher, its settings, the request's words, the example, the reference, and which
attempt it was. With ``warmup.cache`` they are kept in the user's cache folder too, for other runs.
"""

import hashlib
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from covet import config
from covet.errors import DataError
from covet.runlog import append_jsonl, decode, encode, read_jsonl, user_cache, write_whole
from covet.warmup.request import Request, Task

FILE = "traces.jsonl"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the teacher said to one request."""

    key: str
    example: str
    attempt: int
    """From 0."""
    text: str
    finish: Literal["stop", "length"]
    tokens_in: int
    """Of the request."""
    tokens_out: int
    reused: bool = False
    """It was given to an earlier run, and cost this one nothing."""
    problem: str = ""
    """The rule that it breaks, for people; it is looked at anew whenever it is read."""


@dataclass(frozen=True, slots=True)
class Spent:
    """What answers took."""

    requests: int = 0
    tokens_in: int = 0
    tokens_out: int = 0

    def __add__(self, other: "Spent") -> "Spent":
        return Spent(
            self.requests + other.requests,
            self.tokens_in + other.tokens_in,
            self.tokens_out + other.tokens_out,
        )

    @property
    def tokens(self) -> int:
        return self.tokens_in + self.tokens_out

    def cost(self, settings: config.Warmup) -> float:
        """In the money of ``warmup.price_in`` and ``price_out``."""
        return (self.tokens_in * settings.price_in + self.tokens_out * settings.price_out) / 1e6


class Journal:
    """The answers of one run."""

    def __init__(self, run: Path | None, *, cache: Path | None) -> None:
        """``run``: its folder; None: nothing is written. ``cache``: the folder that runs share;
        None: none.
        """
        self._path = run / FILE if run is not None else None
        self._cache = cache
        self._known: dict[str, Answer] = {}
        self.spent = Spent()
        """By this run, also before it was resumed."""
        if self._path is not None and self._path.exists():
            for answer in read_jsonl(self._path, Answer):
                self._count(answer)

    def __len__(self) -> int:
        return len(self._known)

    def find(self, key: str) -> Answer | None:
        """The answer of that key, if this run or, by the cache, another has had it."""
        if key not in self._known and self._cache is not None:
            with suppress(OSError, DataError):
                kept = decode(self._place(self._cache, key).read_bytes(), Answer)
                if kept.key == key:
                    self._append(replace(kept, reused=True))
        return self._known.get(key)

    def add(self, answer: Answer) -> None:
        self._append(answer)
        if self._cache is not None:
            with suppress(OSError):  # it is kept to save money; the run has its own
                write_whole(self._place(self._cache, answer.key), encode(answer))

    def _append(self, answer: Answer) -> None:
        if self._path is not None:
            append_jsonl(self._path, answer)
        self._count(answer)

    def _count(self, answer: Answer) -> None:
        self._known[answer.key] = answer
        if not answer.reused:
            self.spent += Spent(1, answer.tokens_in, answer.tokens_out)

    @staticmethod
    def _place(cache: Path, key: str) -> Path:
        return cache / key[:2] / f"{key}.json"


def cache_folder() -> Path:
    """In the user's cache folder."""
    return user_cache("traces")


def key(task: Task, attempt: int, *, request: Request) -> str:
    """What the answer to a request depends on, as a digest."""
    settings = request.settings
    parts = (
        settings.teacher,
        settings.endpoint,
        _make(Path(settings.teacher)),
        settings.temperature,
        settings.max_new_tokens,
        settings.seed,
        request.text,
        settings.opening,
        settings.words,
        task.example,
        task.reference,
        attempt,
    )
    return hashlib.sha256(encode(parts)).hexdigest()


def _make(folder: Path) -> list[tuple[str, int, int]]:
    """Which weights a model folder holds, without reading them: names, sizes, times."""
    if not folder.is_dir():
        return []
    found = [(path, path.stat()) for path in sorted(folder.glob("*.safetensors"))]
    return [(path.name, about.st_size, about.st_mtime_ns) for path, about in found]

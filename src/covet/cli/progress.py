"""Progress on stderr: a live bar on a terminal, plain lines where there is none.

Nothing here writes to stdout, which belongs to results.
"""

import time
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from covet.cli.terminal import legible

LINE_EVERY_S = 10.0
"""How often a stage speaks where there is no terminal."""


def _say(console: Console, text: str) -> None:
    """Wrapped between words on a terminal; a line is a line elsewhere."""
    console.print(legible(text), highlight=False, markup=False, soft_wrap=not console.is_terminal)


class Stage:
    """One long piece of work; a context manager that counts up to ``total``."""

    def __init__(self, name: str, total: int | None = None, *, console: Console) -> None:
        self._name = name
        self._total = total
        self._console = console
        self._started = self._spoke = time.monotonic()
        self._bar: Progress | None = None
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        if self._console.is_terminal:
            self._bar = Progress(
                TextColumn("{task.description}"),
                BarColumn(bar_width=28),
                MofNCompleteColumn(),
                TimeElapsedColumn(),
                TimeRemainingColumn(),
                TextColumn("{task.fields[note]}", style="dim"),
                console=self._console,
                transient=True,
            )
            self._bar.start()
            self._task = self._bar.add_task(self._name, total=self._total, note="")
        else:
            self._line("")
        return self

    def update(self, done: int, note: str = "", *, total: int | None = None) -> None:
        """``done`` of the total is done; ``note`` says what else is worth knowing."""
        if total is not None:
            self._total = total
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, completed=done, total=self._total, note=legible(note))
        elif time.monotonic() - self._spoke >= LINE_EVERY_S:
            of = f"/{self._total}" if self._total else ""
            self._line(f" {done}{of}  {note}".rstrip())

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._bar is not None:
            self._bar.stop()
        if kind is None:
            self.say(f"{self._name}: done in {time.monotonic() - self._started:.0f} s")

    def say(self, text: str) -> None:
        """A line that stays."""
        _say(self._console, text)

    def _line(self, text: str) -> None:
        self._spoke = time.monotonic()
        self.say(f"{self._name}{text or ' …'}")


class Reporter:
    """Where a verb tells what it is doing."""

    def __init__(self) -> None:
        self.console = Console(stderr=True)

    def stage(self, name: str, total: int | None = None) -> Stage:
        return Stage(name, total, console=self.console)

    def say(self, text: str) -> None:
        _say(self.console, text)

"""The state of the warm process."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .guard import Guard
from .intact import Pieces
from .pytest_run import Prepared


@dataclass(frozen=True)
class Warm:
    """What every request starts from."""

    channel: int
    root: str
    search_path: list[str]
    limits: dict[str, Any]
    own_processes: int
    """The warm process's own namespace; -1 without isolation."""
    scratch: str
    instructions: bytes
    prepared: Prepared
    guard: Guard
    own_modules: list[str]
    """The names of this package's modules."""
    runner: Pieces
    """What the runner is made of, before any candidate."""

    @property
    def isolated(self) -> bool:
        return self.own_processes >= 0

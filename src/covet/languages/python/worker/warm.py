"""The state of a warm process that serves tests."""

from __future__ import annotations

from dataclasses import dataclass

from .guard import Guard
from .intact import Runner
from .pytest_run import Prepared
from .walls import Walls


@dataclass(frozen=True)
class Warm(Walls):
    """What every request with tests starts from."""

    search_path: list[str]
    prepared: Prepared
    guard: Guard
    own_modules: list[str]
    """The names of this package's modules."""
    runner: Runner
    """As it is before any candidate."""

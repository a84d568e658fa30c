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

    def rest(self) -> None:
        """Until ``go_on`` nothing that happens is a candidate's."""
        self.guard.rest()

    def go_on(self) -> None:
        """What the runner has become meanwhile, it may be."""
        self.runner.look()
        self.guard.go_on()

"""Whether the runner is still what it was before any candidate's code ran.

What a test replaces in pytest to hide its own failure stays replaced as a rule. That is no proof
against one who cleans up behind it; decoys stand behind this.
"""

from __future__ import annotations

import builtins
import sys
from collections.abc import Callable, Iterator, Mapping
from types import FunctionType
from typing import Any

from .written import watch

_MODULES = (
    "_pytest.python",
    "_pytest.runner",
    "_pytest.reports",
    "_pytest.nodes",
    "_pytest.main",
    "_pytest.fixtures",
    "_pytest.unittest",
    "_pytest.outcomes",
    "_pytest.skipping",
    "_pytest.raises",
    "_pytest.config",
    "pluggy._manager",
    "pluggy._hooks",
    "pluggy._callers",
    "pluggy._result",
)
_NAMES = ("AssertionError", "BaseException", "Exception", "isinstance", "issubclass", "__import__")


_Place = tuple[Any, str]
"""A module or class, and a name in it."""
_Piece = tuple[Mapping[str, Any], tuple[Any, ...]]
"""What holds the name, and all that may stand there."""


class Runner:
    """What it is made of."""

    def __init__(self) -> None:
        self._known: dict[_Place, _Piece] = {}
        self._written: list[tuple[Callable[[], bool], list[_Place]]] = []
        self.look()

    def look(self) -> None:
        """What it is now, it may be; what it was before, too: what a plugin changes while pytest
        is configured, it puts back at the end.
        """
        missing = (None,) if self._known else ()  # what was not there before, may go again
        found = (*_of_modules(), *((builtins, name) for name in _NAMES))
        for owner, name in dict.fromkeys((*self._known, *found)):
            namespace, before = self._known.get((owner, name), (vars(owner), missing))
            self._known[owner, name] = namespace, (*before, namespace.get(name))
        places: dict[int, list[_Place]] = {}
        for place in self._known:
            places.setdefault(id(place[0]), []).append(place)
        self._written = [(watch(self._known[mine[0]][0]), mine) for mine in places.values()]

    def changed(self) -> str:
        """The name of the first piece that is something else now; empty where none is."""
        for is_written, places in self._written:
            if not is_written():
                continue
            for place in places:
                namespace, things = self._known[place]
                now = namespace.get(place[1])
                if now is not things[0] and not any(now is thing for thing in things):
                    return place[1]
        return ""


def _of_modules() -> Iterator[_Place]:
    for module in filter(None, map(sys.modules.get, _MODULES)):
        for name, thing in list(vars(module).items()):
            if isinstance(thing, (FunctionType, type)):
                yield module, name
            if isinstance(thing, type) and thing.__module__ == module.__name__:
                for inner, part in list(vars(thing).items()):
                    if isinstance(part, (FunctionType, classmethod, staticmethod, property)):
                        yield thing, inner

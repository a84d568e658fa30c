"""Whether the runner is still what it was before any candidate's code ran.

What a test replaces in pytest to hide its own failure stays replaced as a rule. That is no proof
against one who cleans up behind it; decoys stand behind this.
"""

from __future__ import annotations

import builtins
import sys
from collections.abc import Iterator
from types import FunctionType
from typing import Any

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

Pieces = list[tuple[dict[str, Any], str, Any]]
"""A namespace, a name in it, and what stood there."""


def pieces() -> Pieces:
    """Of this process as it is now."""
    return [*_of_modules(), *((vars(builtins), name, getattr(builtins, name)) for name in _NAMES)]


def _of_modules() -> Iterator[tuple[dict[str, Any], str, Any]]:
    for module in filter(None, map(sys.modules.get, _MODULES)):
        for name, thing in list(vars(module).items()):
            if isinstance(thing, (FunctionType, type)):
                yield vars(module), name, thing
            if isinstance(thing, type) and thing.__module__ == module.__name__:
                for inner, part in list(vars(thing).items()):
                    if isinstance(part, (FunctionType, classmethod, staticmethod, property)):
                        yield thing.__dict__, inner, part  # type: ignore[misc]


def changed(known: Pieces) -> str:
    """The name of the first piece that is another now; empty where none is."""
    for namespace, name, thing in known:
        if namespace.get(name) is not thing:
            return name
    return ""

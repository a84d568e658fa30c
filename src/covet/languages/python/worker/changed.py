"""Serves a changed text in the place of one file to whatever imports it.

Every import goes by the file's own path, so that ``from x import f``, decorators, default
arguments and subclasses see the change as they would had it been saved. What reads the file by
other means than importing (``open``, ``runpy``) sees what is on the disk.
"""

from __future__ import annotations

import importlib.machinery
import importlib.util
import linecache
import os
import sys
from collections.abc import Callable, Sequence
from importlib.machinery import ModuleSpec, SourceFileLoader
from types import CodeType, ModuleType
from typing import Optional


def serve(path: str, source: str) -> None:
    """From here on in this process; ``path`` is absolute and need not exist."""
    data = source.encode("utf-8", "surrogatepass")
    show_source(path, source)
    read, compiled = SourceFileLoader.get_data, SourceFileLoader.get_code

    def get_data(self: SourceFileLoader, wanted: str) -> bytes:
        return data if wanted == path else read(self, wanted)

    def get_code(self: SourceFileLoader, fullname: str) -> Optional[CodeType]:
        if self.path != path:
            return compiled(self, fullname)
        return compile(data, path, "exec", dont_inherit=True)

    setattr(SourceFileLoader, "get_data", get_data)  # noqa: B010  (types forbid the plain way)
    setattr(SourceFileLoader, "get_code", get_code)  # noqa: B010
    if not os.path.isfile(path):  # noqa: PTH113
        sys.meta_path.insert(0, _NewFile(path))


def compile_by(
    compiler: Callable[[str, SourceFileLoader], Optional[CodeType]],
) -> Callable[[], None]:
    """Have files compiled in another way when they are imported, by path; None for those that are
    compiled as ever. Call what is returned to undo that.
    """
    compiled = SourceFileLoader.get_code

    def get_code(self: SourceFileLoader, fullname: str) -> Optional[CodeType]:
        return compiler(str(self.path), self) or compiled(self, fullname)

    setattr(SourceFileLoader, "get_code", get_code)  # noqa: B010

    def undo() -> None:
        setattr(SourceFileLoader, "get_code", compiled)  # noqa: B010

    return undo


def show_source(path: str, source: str) -> None:
    """Tracebacks and ``inspect`` show this text; an entry without a time is never refreshed."""
    lines = source.splitlines(keepends=True)
    linecache.cache[path] = (len(source), None, lines, path)


class _NewFile:
    """Finds the one file that is not on the disk."""

    def __init__(self, path: str) -> None:
        self._path = path

    def find_spec(
        self, name: str, path: Optional[Sequence[str]], target: Optional[ModuleType] = None
    ) -> Optional[ModuleSpec]:
        del target
        tail = name.rpartition(".")[2]
        for folder in sys.path if path is None else path:
            for end in (tail + ".py", tail + "/__init__.py"):
                if os.path.join(folder or os.getcwd(), end) == self._path:  # noqa: PTH109, PTH118
                    return importlib.util.spec_from_file_location(name, self._path)
        return None

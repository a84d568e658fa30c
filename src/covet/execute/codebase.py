"""Where a codebase keeps its interpreter and its packages.

Reads ``pyproject.toml`` and looks at folders; starts nothing.
"""

import shutil
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from covet import config
from covet.errors import CodebaseError, EnvironmentNotReady


@dataclass(frozen=True, slots=True)
class Layout:
    """A codebase as it is run."""

    root: Path
    """Absolute."""
    interpreter: Path
    """Not resolved: a virtual environment's is a link."""
    search_path: tuple[str, ...]
    """Folders, relative to ``root``, that imports are resolved from, in order."""

    @classmethod
    def discover(cls, root: Path, settings: config.Codebase) -> "Layout":
        """``CodebaseError`` or ``EnvironmentNotReady`` where there is nothing of that kind."""
        if not root.is_dir():
            raise CodebaseError(f"{root}: no such folder; name the root of a codebase")
        root = root.resolve()
        return cls(root, _interpreter(root, settings.python), _search_path(root, settings.source))

    def module_name(self, path: str) -> str:
        """The dotted name under which a file is imported: by the innermost folder searched."""
        file = PurePosixPath(path)
        homes = [PurePosixPath(folder) for folder in self.search_path]
        around = [home for home in homes if file.is_relative_to(home)]
        if around:
            file = file.relative_to(max(around, key=lambda home: len(home.parts)))
        parts = file.with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts)


def _interpreter(root: Path, wanted: str) -> Path:
    if wanted:
        found = root / wanted if "/" in wanted else Path(shutil.which(wanted) or root / wanted)
        if not found.is_file():
            raise EnvironmentNotReady(f"{wanted}: no such interpreter; set codebase.python")
        return found
    own = root / ".venv" / "bin" / "python"
    return own if own.is_file() else Path(sys.executable)


def _search_path(root: Path, wanted: tuple[str, ...]) -> tuple[str, ...]:
    """The folders named, else those of ``pyproject.toml`` and ``src``; the root comes last."""
    for folder in wanted:
        if not (root / folder).is_dir():
            raise CodebaseError(f"{root / folder}: no such folder; set codebase.source")
    found = wanted or tuple(_told(root)) or (("src",) if (root / "src").is_dir() else ())
    inside = [PurePosixPath(folder).as_posix() for folder in found]
    return tuple(dict.fromkeys([*inside, "."]))


def _told(root: Path) -> Iterator[str]:
    """Folders that pytest or setuptools is told to look into, where they are inside the root."""
    try:
        tree = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return
    pytest = _at(tree, "tool", "pytest", "ini_options", "pythonpath")
    setuptools = _at(tree, "tool", "setuptools", "packages", "find", "where")
    for folder in [*_folders(pytest), *_folders(setuptools)]:
        inside = (root / folder).resolve()
        if folder != "." and inside.is_relative_to(root) and inside.is_dir():
            yield folder


def _at(tree: Any, *keys: str) -> Any:
    for key in keys:
        tree = tree.get(key) if isinstance(tree, dict) else None
    return tree


def _folders(value: Any) -> list[str]:
    if isinstance(value, str):
        return value.split()
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []

"""The formatter and the linter that a codebase is set up for, and what they make of a test file.

Read from its settings: ``[tool.ruff]`` (or ``ruff.toml``), ``[tool.black]``, ``[tool.isort]``,
``[flake8]``. A tool is taken from the codebase's own environment, else from the search path, else
from ours. A file that was not as the formatter would have it stays as it is, and only what is added
is formatted. Where nothing is set up, new tests are formatted by ruff as it comes, if it is there.

Tools get text on their standard input and write none of the codebase's files.
"""

import configparser
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from covet.config import read_toml
from covet.errors import ConfigError

_TIMEOUT_S = 60
_FLAKE8 = re.compile(r"^[^:\n]*:(\d+):\d+: (\S+ .*)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class House:
    """What a codebase is set up for; each command reads a file on its standard input."""

    root: Path
    formatters: tuple[tuple[str, ...], ...] = ()
    """To be run in turn; ``{path}`` stands for the file's."""
    linter: tuple[str, ...] = ()
    """``ruff`` or ``flake8``; empty: none."""
    is_own: bool = False
    """Whether the codebase is set up for a formatter at all."""
    notes: tuple[str, ...] = field(default=())
    """Of tools that are set up and not there."""

    @classmethod
    def discover(cls, root: Path, interpreter: Path) -> "House":
        tools = _Tools(root, interpreter)
        project = _tables(root)
        ruff = "ruff" in project or any((root / name).is_file() for name in _RUFF_FILES)
        formatters: list[tuple[str, ...]] = []
        if "isort" in project or (root / ".isort.cfg").is_file():
            tool = tools.module("isort")
            # Not told the file's name: one that is not there yet it would pass over.
            options = ("--quiet", "--settings-path", ".", "-")
            formatters += [(*tool, *options)] if tool else []
        if "black" in project:
            if tool := tools.module("black"):
                formatters.append((*tool, "--quiet", "--stdin-filename", "{path}", "-"))
            elif tool := tools.program("ruff"):
                width = project["black"].get("line-length", 88)
                options = ("--isolated", "--config", f"line-length={width}")
                formatters.append((*tool, "format", *options, "--stdin-filename", "{path}", "-"))
                tools.notes.append("black is not there; ruff formats in its place")
        elif (ruff or not formatters) and (tool := tools.program("ruff")):
            formatters.append((*tool, "format", "--stdin-filename", "{path}", "-"))
        linter: tuple[str, ...] = ()
        if ruff:
            linter = tools.program("ruff") or tools.missing("ruff")
        elif _has_flake8(root):
            linter = tools.module("flake8")
        is_own = ruff or "black" in project
        return cls(root, tuple(formatters), linter, is_own, tuple(tools.notes))

    # ------------------------------------------------------------------------------ formatting

    def formatted(self, text: str, path: str) -> str:
        """As the formatter would have it; as it is where that refuses."""
        return _formatted(self, text, path)

    def _format(self, text: str, path: str) -> str:
        for command in self.formatters:
            done = self._run([word.replace("{path}", path) for word in command], text)
            if done is not None and done.returncode == 0 and done.stdout.strip():
                text = done.stdout
        return text

    def is_settled(self, text: str, path: str) -> bool:
        """Whether a file is formatted as a whole: it was so before, or is new."""
        return not text or (self.is_own and self.formatted(text, path) == text)

    def settled(self, before: str, after: str, path: str) -> str:
        """A file that was added to, formatted if it was so before, or is new."""
        return self.formatted(after, path) if self.is_settled(before, path) else after

    # --------------------------------------------------------------------------------- linting

    def mended(self, before: str, after: str, path: str) -> str:
        """With what the linter can mend by itself mended, where it had nothing to say before."""
        is_ruff = any(Path(word).name.startswith("ruff") for word in self.linter)
        if not is_ruff or self._complaints(before, path):
            return after
        options = ("check", "--fix", "--unsafe-fixes", "--quiet", "--stdin-filename", path, "-")
        done = self._run([*self.linter, *options], after)
        if done is None or done.returncode not in (0, 1) or not done.stdout.strip():
            return after
        return done.stdout

    def complaints(self, before: str, after: str, path: str) -> tuple[str, ...]:
        """What the linter says of the new text and did not say of the old."""
        left = Counter(self._complaints(before, path) if before else ())
        found: list[str] = []
        for complaint in self._complaints(after, path):
            if left[complaint]:
                left[complaint] -= 1
            else:
                found.append(complaint)
        return tuple(found)

    def _complaints(self, text: str, path: str) -> list[str]:
        if not self.linter or not text:
            return []
        if any(Path(word).name.startswith("ruff") for word in self.linter):
            options = ("check", "--output-format", "json", "--stdin-filename", path, "-")
            done = self._run([*self.linter, *options], text)
            rows: list[dict[str, Any]] = json.loads(done.stdout or "[]") if done else []
            return [f"{row['code']} {row['message']}" for row in rows]
        done = self._run([*self.linter, "--stdin-display-name", path, "-"], text)
        return [said for _, said in _FLAKE8.findall(done.stdout)] if done else []

    def _run(self, command: Sequence[str], text: str) -> "subprocess.CompletedProcess[str] | None":
        try:
            return subprocess.run(
                command,
                input=text,
                capture_output=True,
                text=True,
                encoding="utf-8",
                cwd=self.root,
                env=os.environ | {"NO_COLOR": "1", "PYTHONDONTWRITEBYTECODE": "1"},
                timeout=_TIMEOUT_S,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired, UnicodeDecodeError):
            return None


@lru_cache(maxsize=64)  # the text after one test is the text before the next
def _formatted(house: House, text: str, path: str) -> str:
    return house._format(text, path)  # noqa: SLF001 (its own)


_RUFF_FILES = ("ruff.toml", ".ruff.toml")


@dataclass(slots=True)
class _Tools:
    """Where programs are."""

    root: Path
    interpreter: Path
    notes: list[str] = field(default_factory=list)

    def program(self, name: str) -> tuple[str, ...]:
        beside = self.interpreter.parent / name
        ours = Path(sys.executable).parent / name
        found = str(beside) if beside.is_file() else shutil.which(name)
        if found is None and ours.is_file():
            found = str(ours)
        return (found,) if found else ()

    def module(self, name: str) -> tuple[str, ...]:
        """A tool that is a package as well."""
        known = f"import importlib.util as u, sys; sys.exit(u.find_spec({name!r}) is None)"
        # -I: a file of that name in the codebase is not the tool
        command = [str(self.interpreter), "-I", "-c", known]
        try:
            if subprocess.run(command, capture_output=True, check=False).returncode == 0:
                return (str(self.interpreter), "-I", "-B", "-m", name)
        except OSError:
            pass
        if importlib.util.find_spec(name) is not None:
            return (sys.executable, "-I", "-B", "-m", name)
        return self.program(name) or self.missing(name)

    def missing(self, name: str) -> tuple[str, ...]:
        self.notes.append(f"the codebase is set up for {name}, which is not there")
        return ()


def _tables(root: Path) -> dict[str, dict[str, Any]]:
    """``[tool.*]`` of ``pyproject.toml``."""
    try:
        tree = read_toml(root / "pyproject.toml")
    except ConfigError:
        return {}
    tool = tree.get("tool", {})
    return {k: v for k, v in tool.items() if isinstance(v, dict)} if isinstance(tool, dict) else {}


def _has_flake8(root: Path) -> bool:
    for name in (".flake8", "setup.cfg", "tox.ini"):
        parser = configparser.ConfigParser(interpolation=None, strict=False)
        try:
            parser.read(root / name, encoding="utf-8")
        except (configparser.Error, UnicodeDecodeError):
            continue
        if parser.has_section("flake8"):
            return True
    return False

"""All tests of a copy of the codebase, with the new ones among them.

The copy is made in a temporary folder, so that the working tree is not touched and need not be
writable. In the sandbox pytest runs everything that it finds; what failed before may fail still.
The command that the settings name, if any, runs on the copy as well, without the sandbox.
"""

import os
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from covet.config import Config
from covet.errors import UsageError
from covet.execute.grader import Grader, open_grader
from covet.mine.baseline import SuiteReport
from covet.mine.functions import suite_paths
from covet.sandbox.base import Cell

_LEFT_OUT = frozenset(
    {".git", ".hg", ".venv", "venv", ".tox", ".nox", "node_modules", "__pycache__", ".mypy_cache",
     ".ruff_cache", ".pytest_cache", ".hypothesis"}
)  # fmt: skip
_SHOWN_CHARACTERS = 2000


@dataclass(frozen=True, slots=True)
class Checked:
    """How all tests fared together."""

    broken: tuple[str, ...]
    """Pytest ids that passed before, or are new, and do not pass now."""
    words: str
    command_failed: bool = False


def check(
    grader: Grader,
    config: Config,
    texts: Mapping[str, str],
    known: SuiteReport,
    *,
    within: str = "",
) -> Checked:
    """``texts``: test files by path, as they would be. ``known``: how the suite fared before."""
    paths = suite_paths(config.codebase, within=within)
    with _copy(grader.layout.root) as root:
        for path, text in texts.items():
            _write(root, path, text)
        broken, words = _in_sandbox(root, grader, config, sorted({*paths}), known, set(texts))
        if broken or not config.write.command:
            return Checked(broken, words)
        told = _by_command(root, grader, config)
    if told is None:
        return Checked((), f"{words}; `{config.write.command}` ends well")
    with _copy(grader.layout.root) as root:
        before = _by_command(root, grader, config)
    if before is not None:
        return Checked((), f"{words}; `{config.write.command}` fails, and did so before")
    return Checked((), f"`{config.write.command}` fails with the new tests: {told}", True)


def _write(root: Path, path: str, text: str) -> None:
    """Into the copy: its links lead to where those of the codebase do, and nothing is written
    there. What a link leads to is copied in its place.
    """
    for above in reversed((root / path).relative_to(root).parents[:-1]):
        folder = root / above
        if folder.is_symlink():
            inside = folder.resolve()
            folder.unlink()
            if inside.is_dir():
                shutil.copytree(inside, folder, symlinks=True, ignore=_ignored)
        folder.mkdir(exist_ok=True)
    file = root / path
    file.unlink(missing_ok=True)
    file.write_text(text, encoding="utf-8", newline="")


def _in_sandbox(
    root: Path,
    grader: Grader,
    config: Config,
    paths: Sequence[str],
    known: SuiteReport,
    new: set[str],
) -> tuple[tuple[str, ...], str]:
    codebase = config.codebase.model_copy(update={"python": str(grader.layout.interpreter)})
    settings = config.model_copy(update={"codebase": codebase})
    outside = [path for path in sorted(new) if not any(_lies_in(path, where) for where in paths)]
    with open_grader(root, settings) as copy:
        cells = [(path, copy.suite(path)) for path in (*paths, *outside)]
    excused = {*known.failing, *known.unstable}
    broken = [
        name
        for path, cell in cells
        for name, verdict in _outcomes(path, cell)
        if verdict not in {"pass", "not_run"} and name not in excused
    ]
    seen = [name for path, cell in cells for name, _ in _outcomes(path, cell)]
    for _, cell in cells:
        unknown = [p for p in new if not any(n.startswith(f"{p}::") for n in seen)]
        if cell.end != "done" or (cell.error and (unknown or not known.not_run)):
            broken += [f"{p}::" for p in (unknown or sorted(new))]
    total = len(seen)
    if broken:
        first = next((c for _, c in cells if c.error or c.detail), cells[0][1])
        said = (first.error or first.detail or first.end)[-_SHOWN_CHARACTERS:]
        return tuple(dict.fromkeys(broken)), f"{broken[0]} does not pass: {said}"
    failing = f", {len(known.failing)} fail as before" if known.failing else ""
    return (), f"{total} tests run together{failing or ', all pass'}"


def _outcomes(path: str, cell: Cell) -> Iterator[tuple[str, str]]:
    for test, verdict in cell.outcomes:
        yield (f"{path}::{test}" if path.endswith(".py") else test), verdict


def _lies_in(path: str, folder: str) -> bool:
    return folder in {".", path} or path.startswith(f"{folder}/")


def _by_command(root: Path, grader: Grader, config: Config) -> str | None:
    """The end of what it printed; None where it ends well."""
    beside = str(grader.layout.interpreter.parent)
    search = os.pathsep.join(str(root / folder) for folder in grader.layout.search_path)
    environment = os.environ | {
        "PATH": os.pathsep.join([beside, os.environ.get("PATH", "")]),
        "PYTHONPATH": search,
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    try:
        done = subprocess.run(
            shlex.split(config.write.command),
            cwd=root,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=config.codebase.suite_timeout_s,
            check=False,
        )
    except (OSError, ValueError) as error:
        raise UsageError(
            f"{config.write.command!r}: cannot be run ({error}); set write.command to what runs the"
            " tests"
        ) from error
    except subprocess.TimeoutExpired:
        return f"it takes longer than {config.codebase.suite_timeout_s:g} s"
    if done.returncode == 0:
        return None
    return (done.stdout + done.stderr).strip()[-_SHOWN_CHARACTERS:] or f"code {done.returncode}"


@contextmanager
def _copy(root: Path) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="covet-") as folder:
        copy = Path(folder) / root.name
        shutil.copytree(root, copy, symlinks=True, ignore=_ignored, ignore_dangling_symlinks=True)
        yield copy


def _ignored(folder: str, names: list[str]) -> set[str]:
    here = Path(folder)
    return {name for name in names if name in _LEFT_OUT or (here / name / "pyvenv.cfg").exists()}

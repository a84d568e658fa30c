"""Pynguin, the search-based test generator, on the functions of tasks: what else there is.

It runs in a virtual environment of its own, since it needs versions of its own, on a copy of the
codebase, once for each function and seed, with a budget of search time and the function's lines as
its only goal. What it writes is kept in ``pynguin-NAME.jsonl`` of the run directory, a row for each
function and seed, and graded as any recorded test file is.

Pynguin calls functions of the codebase with arguments that it makes up, in a process without
Covet's walls: it may do whatever the code can do. Nothing is run before an environment was named or
asked for.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from covet.errors import EnvironmentNotReady
from covet.evaluate.recorded import Held
from covet.execute.codebase import Layout
from covet.records import FunctionExample
from covet.runlog import append_jsonl, read_jsonl, user_cache

GRACE_S = 90.0
"""Beyond the search time: loading, assertions, writing."""
_INSTALL_S = 900.0
_PASSED_OVER = shutil.ignore_patterns(
    ".*", "__pycache__", "node_modules", "venv", "env", "*.egg-info", "*.dist-info"
)
_BY_NAME = re.compile(r'^(\w+) = sys\.modules\["([\w.]+)"\]$', re.MULTILINE)
_START = """\
import json, sys
sys.path.extend(json.loads(sys.argv.pop(1)))
from pynguin.cli import main
sys.exit(main(["pynguin", *sys.argv[1:]]))
"""
"""What the codebase imports comes behind what Pynguin does, so that neither breaks."""


@dataclass(frozen=True, slots=True)
class Search:
    """One run of Pynguin."""

    example_id: str
    seed: int
    text: str
    """The test file; empty where none was written."""
    wall_s: float
    problem: str = ""
    """Why none was."""


def default_environment() -> Path:
    """Where an environment that is asked for is made."""
    return user_cache("pynguin")


def ready(python: Path | None, *, make: bool, say: Callable[[str], None]) -> Path:
    """The Python of an environment that has Pynguin: the one that is named, else our own, which is
    made where ``make`` says so. ``EnvironmentNotReady`` where there is none.
    """
    if python is not None:
        _check(python)
        return python
    folder = default_environment()
    own = folder / "bin" / "python"
    if own.exists():
        _check(own)
        return own
    if not make:
        raise EnvironmentNotReady(
            "no environment with Pynguin: --make-pynguin makes one (it installs Pynguin with pip),"
            " and --pynguin-python names the Python of one"
        )
    say(f"making {folder} with Pynguin …")
    try:
        _run([sys.executable, "-m", "venv", str(folder)])
        _run([str(own), "-m", "pip", "install", "--quiet", "pynguin"])
        _check(own)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return own


def _check(python: Path) -> None:
    _run([str(python), "-c", "import pynguin"])


def _run(command: list[str]) -> None:
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=_INSTALL_S)
    except subprocess.CalledProcessError as error:
        told = error.stderr.decode(errors="replace").strip().splitlines()
        last = told[-1] if told else f"exit code {error.returncode}"
        version = ".".join(map(str, sys.version_info[:2]))
        raise EnvironmentNotReady(
            f"Pynguin is not to be had: {' '.join(command[:4])} …: {last} (Pynguin runs on some"
            f" versions of Python only, and this is {version}; --pynguin-python names another's)"
        ) from error
    except (OSError, subprocess.TimeoutExpired) as error:
        raise EnvironmentNotReady(f"Pynguin is not to be had: {error}") from error


# ---------------------------------------------------------------------------------- search


def search(
    name: str,
    examples: Sequence[FunctionExample],
    *,
    python: Path,
    layout: Layout,
    within: str,
    seconds: float,
    seeds: int,
    run: Path,
    on_done: Callable[[int, int], None],
) -> tuple[Held, list[Search]]:
    """What Pynguin writes for each task with seeds 0, 1, …; what is there is not run again."""
    path = run / f"pynguin-{name}.jsonl"
    known = {
        (row.example_id, row.seed): row
        for row in (read_jsonl(path, Search) if path.exists() else ())
    }
    wanted = [(example, seed) for example in examples for seed in range(seeds)]
    todo = [(example, seed) for example, seed in wanted if (example.id, seed) not in known]
    if todo:
        with _copied(layout, within) as folder:
            for done, (example, seed) in enumerate(todo, len(wanted) - len(todo)):
                on_done(done, len(wanted))
                row = _search(
                    example, python=python, layout=layout, root=folder, seconds=seconds, seed=seed
                )
                append_jsonl(path, row)
                known[example.id, seed] = row
    on_done(len(wanted), len(wanted))
    found = [known[example.id, seed] for example, seed in wanted]
    texts: dict[str, tuple[str, ...]] = {}
    took: dict[str, float] = {}
    for row in found:
        texts[row.example_id] = (*texts.get(row.example_id, ()), _plainly(row.text))
        took[row.example_id] = took.get(row.example_id, 0.0) + row.wall_s
    return Held(texts, are_files=True, seconds=took), found


def _plainly(text: str) -> str:
    """With the module imported where it is taken out of ``sys.modules``, as nobody writes it: else
    what asserts about it would be taken for what asserts about nothing.
    """
    return _BY_NAME.sub(r"import \2 as \1", text)


@contextmanager
def _copied(layout: Layout, within: str) -> Iterator[Path]:
    """A copy of the codebase, or of the package in it that is meant."""
    with tempfile.TemporaryDirectory(prefix="covet-pynguin-") as place:
        root = Path(place) / "root"
        source = layout.root / within
        shutil.copytree(source, root / within, ignore=_PASSED_OVER, symlinks=True)
        yield root


def _search(
    example: FunctionExample,
    *,
    python: Path,
    layout: Layout,
    root: Path,
    seconds: float,
    seed: int,
) -> Search:
    span = example.function.span
    homes = [root / folder for folder in layout.search_path]
    top = example.function.module.partition(".")[0]
    home = next((one for one in homes if any(one.glob(f"{top}*"))), root)
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="covet-pynguin-") as place:
        command = [
            str(python), "-c", _START, _paths(layout),
            "--project-path", str(home),
            "--module-name", example.function.module,
            "--output-path", place,
            "--maximum-search-time", str(round(seconds)),
            "--seed", str(seed),
            "--only-cover-line-ranges", f"{span.first_line}-{span.last_line}",
        ]  # fmt: skip
        problem = _ended(command, timeout_s=seconds + GRACE_S)
        files = sorted(Path(place).rglob("test_*.py"))
        text = files[0].read_text(encoding="utf-8", errors="replace") if files else ""
    return Search(
        example.id,
        seed,
        text,
        round(time.monotonic() - started, 2),
        "" if text else problem or "it wrote no test",
    )


def _paths(layout: Layout) -> str:
    """Where the codebase's own interpreter finds what it imports, as JSON."""
    told = subprocess.run(
        [
            str(layout.interpreter),
            "-c",
            "import json, site; print(json.dumps(site.getsitepackages()))",
        ],
        check=True,
        capture_output=True,
        timeout=60,
    )
    return told.stdout.decode().strip()


def _ended(command: list[str], *, timeout_s: float) -> str:
    """Why it did not end well; empty where it did. Whatever it started ends with it."""
    environment = {**os.environ, "PYNGUIN_DANGER_AWARE": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=environment,
        start_new_session=True,
    ) as child:
        try:
            _, said = child.communicate(timeout=timeout_s)
        except subprocess.TimeoutExpired:
            return f"it did not end within {timeout_s:.0f} s"
        finally:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(child.pid, signal.SIGKILL)
    lines = said.decode(errors="replace").strip().splitlines()
    if child.returncode:
        return lines[-1][:300] if lines else f"it ended with {child.returncode}"
    return ""

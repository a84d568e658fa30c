"""The work: functions of three published packages, and test files for each.

``candidates/<function>/`` holds four files that pass and one that does not, as models write them;
five more that cannot be graded well are made from the first: one in ten each of failing, syntax
error, import error, flaky, leaving by ``os._exit``, and hanging. Everything that is installed is
installed once below the folder that the bench is given.
"""

import os
import shutil
import subprocess
import venv
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Literal, TypeVar

from bench.grader.measure import Store, say
from covet.languages.python import PYTHON
from covet.mine.functions import read_text
from covet.records import Candidate, Coverage, FunctionExample, Mutant

T = TypeVar("T")

CANDIDATES = Path(__file__).parent / "candidates"
ALL = 100_000
"""More mutants than any function has."""
GROUP = 8
"""Candidates of one function that a grader sees while it is open, as many as in a group of
training."""

PYTEST = ("pytest==9.2.0", "pytest-mock==3.17.0")
VENVS = {
    "tests": (*PYTEST, "pytest-cov==7.1.0", "coverage==7.17.3"),
    "recorded": (*PYTEST, "pytest-asyncio==1.5.0"),
    "mutmut": ("mutmut==3.8.1", *PYTEST),
    "cosmic_ray": ("cosmic-ray==8.7.0", *PYTEST),
}
CODEBASES = {
    "toolz": "toolz==1.2.0",
    "boltons": "boltons==26.2.0",
    "networkx": "networkx==3.6.1",
    "string_utils": "python-string-utils==1.0.0",
    "docstring_parser": "docstring_parser==0.7.3",
    "codetiming": "codetiming==1.3.0",
    "sty": "sty==1.0.4",
}
LOOPS = "loops"
"""A codebase of our own, whose mutants hang."""
LOOPS_SOURCE = """def digit_sum(number):
    total = 0
    while number > 0:
        total += number % 10
        number //= 10
    return total
"""
OLD_S = 1_500_000_000
"""The modification time of every file of a codebase: no bytecode of one can pass for another's."""


@dataclass(frozen=True, slots=True)
class Target:
    """A function that tests are written for."""

    name: str
    """Of its folder in ``candidates``."""
    codebase: str
    path: str
    qualname: str
    mutmut: bool = True
    """Whether mutmut can mutate it; it passes over decorated functions."""

    @property
    def module(self) -> str:
        return self.path.removesuffix(".py").replace("/", ".")

    @property
    def test_path(self) -> str:
        return f"tests/test_{self.name}.py"


TARGETS = (
    Target("update_in", "toolz", "toolz/dicttoolz.py", "update_in"),
    Target("merge_sorted_binary", "toolz", "toolz/itertoolz.py", "_merge_sorted_binary"),
    Target("partition_all", "toolz", "toolz/itertoolz.py", "partition_all"),
    Target("format_int_list", "boltons", "boltons/strutils.py", "format_int_list"),
    Target("chunked_iter", "boltons", "boltons/iterutils.py", "chunked_iter"),
    Target("lri_update", "boltons", "boltons/cacheutils.py", "LRI.update"),
    Target("core_number", "networkx", "networkx/algorithms/core.py", "core_number", mutmut=False),
    Target(
        "topological_generations",
        "networkx",
        "networkx/algorithms/dag.py",
        "topological_generations",
        mutmut=False,
    ),
)
"""A recursive generator, generators with closures and without, a method, decorated functions."""
QUICK = ("update_in", "core_number")

Kind = Literal["good", "failing", "syntax", "import_error", "flaky", "exit", "hanging"]


@dataclass(frozen=True, slots=True)
class Job:
    """One candidate for one function."""

    target: str
    kind: Kind
    codebase: str
    example: FunctionExample
    candidate: Candidate

    def copy(self, number: int) -> "Job":
        """The same work, in a file that the grader does not know yet."""
        return self if not number else self.with_source(f"{self.source}\n\nCOPY = {number}\n")

    def with_source(self, source: str) -> "Job":
        candidate = Candidate(self.candidate.path, source, source)
        return replace(self, candidate=candidate)

    @property
    def source(self) -> str:
        return self.candidate.source

    def mutants(self) -> tuple[Mutant, ...]:
        span = self.example.function.span
        return PYTHON.mutants(self.example.source_file, span, limit=ALL)


@dataclass(frozen=True)
class Bench:
    """One run of the bench: where it keeps things, and how much of the work it does."""

    out: Path
    """Absolute."""
    quick: bool
    leak: int
    """Candidates of the leak row."""

    @cached_property
    def store(self) -> Store:
        return Store(self.out / "measured.jsonl")

    @property
    def targets(self) -> tuple[Target, ...]:
        return tuple(t for t in TARGETS if t.name in QUICK) if self.quick else TARGETS

    @property
    def rounds(self) -> int:
        """How often our side is measured; the median counts."""
        return 1 if self.quick else 3

    # -------------------------------------------------------------------- what is installed

    def python(self, name: str) -> Path:
        """The interpreter of a virtual environment, made the first time."""
        folder = self.out / "venvs" / name
        python = folder / "bin" / "python"
        wanted = "\n".join(VENVS[name])
        if _is_stale(folder / "ready", wanted):
            say(f"installing {', '.join(VENVS[name])}")
            venv.create(folder, with_pip=True, clear=True)
            _pip(python, *VENVS[name])
            (folder / "ready").write_text(wanted)
        return python

    def codebase(self, name: str) -> Path:
        """A folder with the package, compiled, and an empty folder of tests."""
        folder = self.out / "codebases" / name
        wanted = CODEBASES.get(name, LOOPS_SOURCE)
        if _is_stale(folder / ".ready", wanted):
            say(f"making the codebase {name}")
            shutil.rmtree(folder, ignore_errors=True)
            (folder / "tests").mkdir(parents=True)
            (folder / "pytest.ini").write_text("[pytest]\n")
            if name == LOOPS:
                (folder / "loops.py").write_text(LOOPS_SOURCE)
            else:
                target = ("--no-deps", "--no-compile", "--target", str(folder))
                _pip(self.python("tests"), *target, wanted)
            self._compile(folder)
            (folder / ".ready").write_text(wanted)
        return folder

    def _compile(self, folder: Path) -> None:
        for file in folder.rglob("*.py"):
            os.utime(file, (OLD_S, OLD_S))
        python = str(self.python("tests"))
        subprocess.run([python, "-m", "compileall", "-q", str(folder)], check=True)

    def copy(self, name: str, purpose: str) -> Path:
        """A fresh copy of a codebase, to write into."""
        folder = self.out / purpose / name
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.codebase(name), folder)
        return folder

    # -------------------------------------------------------------------------- the jobs

    def good(self, *, each: int = 4) -> list[Job]:
        """``each`` candidates that pass for every function, the same turn of all first."""
        each = 1 if self.quick else each
        turns = range(1, each + 1)
        return [self.job(t, f"good_{turn}", "good") for turn in turns for t in self.targets]

    def job(self, target: Target, file: str, kind: Kind) -> Job:
        source = (CANDIDATES / target.name / f"{file}.py").read_text(encoding="utf-8")
        candidate = Candidate(target.test_path, source, source)
        return Job(target.name, kind, target.codebase, self.example(target), candidate)

    def bad(self) -> list[Job]:
        """One of each kind for every function."""
        jobs: list[Job] = []
        for number, target in enumerate(self.targets):
            first = self.job(target, "good_1", "good")
            jobs.append(self.job(target, "failing", "failing"))
            for kind, spoil in SPOILT.items():
                spoilt = first.with_source(spoil(first.source, target.module))
                jobs.append(replace(spoilt, kind=kind))
            hang = HANGS[("busy", "sleep", "busy", "lock")[number % 4]]
            hanging = first.with_source(first.source + hang)
            jobs.append(replace(hanging, kind="hanging"))
        return jobs

    def example(self, target: Target) -> FunctionExample:
        text = read_text(self.codebase(target.codebase) / target.path)
        functions = PYTHON.functions(text, path=target.path, module=target.module)
        (function,) = (f for f in functions if f.qualname == target.qualname)
        return FunctionExample(
            id=f"{target.path}::{target.qualname}",
            function=function,
            source_file=text,
            test_path=target.test_path,
            test_file="",
            tests=(),
            executable=Coverage(PYTHON.executable_lines(text, function.span)),
            baseline=Coverage(),
            split="train",
        )


def copies(jobs: Sequence[Job], times: int) -> list[Job]:
    return [job.copy(number) for number in range(times) for job in jobs]


def evenly(items: Sequence[T], most: int) -> list[T]:
    """At most so many, from begin to end."""
    n = min(most, len(items))
    return [items[index * len(items) // n] for index in range(n)]


SPOILT: dict[Kind, Callable[[str, str], str]] = {
    "syntax": lambda source, _: f"{source}\n\ndef test_cut_off():\n    assert max(\n",
    "import_error": lambda source, module: f"from {module} import no_such_helper\n{source}",
    "flaky": lambda source, _: (
        f"import os\n{source}\n\ndef test_coin():\n    assert os.urandom(1)[0] < 128\n"
    ),
    "exit": lambda source, _: f"import os\n{source}\n\ndef test_exit():\n    os._exit(0)\n",
}
HANGS = {
    "busy": "\n\ndef test_waits():\n    while True:\n        pass\n",
    "sleep": "\n\ndef test_waits():\n    import time\n\n    time.sleep(10**6)\n",
    "lock": (
        "\n\ndef test_waits():\n    import threading\n\n    lock = threading.Lock()\n"
        "    lock.acquire()\n    lock.acquire()\n"
    ),
}


def _is_stale(stamp: Path, wanted: str) -> bool:
    return not stamp.exists() or stamp.read_text() != wanted


def _pip(python: Path, *wanted: str) -> None:
    install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*install, *wanted], check=True)

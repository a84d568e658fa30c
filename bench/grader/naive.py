"""The plain way: pytest in a process of its own, the mutant written over the file.

The tools are given what they can make use of: bytecode of every other file, no plugin that a run
does not need, a bound on CPU time close to what the tests use. Each result is stored.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from bench.grader.measure import Bounds, Done, Usage, run
from bench.grader.work import CODEBASES, OLD_S, VENVS, Bench, Job
from covet.records import Mutant

ORIGINAL = Bounds(cpu_s=30, wall_s=60)
SHUFFLE = """import random


def pytest_collection_modifyitems(items):
    random.Random(1).shuffle(items)
"""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one run of a test file says."""

    passed: bool
    code: int
    timed_out: bool
    usage: Usage


@dataclass(frozen=True, slots=True)
class Record:
    """What a full record takes on disk."""

    usage: Usage
    runs: int
    timeouts: int
    """Runs that were ended, mutants that loop; ``usage`` holds them too."""
    timeouts_cpu_s: float


@dataclass(frozen=True)
class Disk:
    """A private copy of one codebase, and the interpreter of a virtual environment."""

    bench: Bench
    codebase: str
    environment: str = "tests"

    @cached_property
    def root(self) -> Path:
        return self.bench.copy(self.codebase, "disk")

    @cached_property
    def plugins(self) -> Path:
        folder = self.bench.out / "plugins"
        folder.mkdir(exist_ok=True)
        (folder / "shuffled.py").write_text(SHUFFLE)
        return folder

    # ------------------------------------------------------------------- the kinds of run

    def record(self, job: Job) -> Record:
        """All that a full record holds."""
        verdicts = [self.coverage(job), self.shuffled(job)]
        verdicts += [self.mutant(job, mutant) for mutant in job.mutants()]
        ended = [verdict.usage.cpu_s for verdict in verdicts if verdict.timed_out]
        usage = sum((verdict.usage for verdict in verdicts), Usage())
        return Record(usage, len(verdicts), len(ended), sum(ended))

    def coverage(self, job: Job) -> Verdict:
        """The original, with the lines and branches of the module."""
        module = job.example.function.module
        options = (f"--cov={module}", "--cov-branch", "--cov-report=json:coverage.json")
        return self._stored(("coverage",), job, lambda: self._pytest(job, *options))

    def shuffled(self, job: Job) -> Verdict:
        """The original again, its tests in another order and its sets too."""
        env = {"PYTHONHASHSEED": "1", "PYTHONPATH": str(self.plugins)}
        options = (*WITHOUT_COVERAGE, "-p", "shuffled")
        return self._stored(("shuffled",), job, lambda: self._pytest(job, *options, env=env))

    def original(self, job: Job) -> Verdict:
        """The original, and nothing else."""
        return self._stored(("original",), job, lambda: self._pytest(job, *WITHOUT_COVERAGE))

    def mutant(self, job: Job, mutant: Mutant) -> Verdict:
        def mutated() -> Done:
            with self._written(job.example.function.path, mutant.source):
                options = ("-x", *WITHOUT_COVERAGE)
                return self._pytest(job, *options, bounds=self._bounds(job))

        return self._stored(("mutant", mutant.source), job, mutated)

    # ------------------------------------------------------------------------------ a run

    def _bounds(self, job: Job) -> Bounds:
        usage = self.original(job).usage
        return Bounds(cpu_s=1 + 5 * usage.cpu_s, wall_s=10 + 10 * usage.wall_s)

    def _pytest(
        self, job: Job, *options: str, env: dict[str, str] | None = None, bounds: Bounds = ORIGINAL
    ) -> Done:
        command = [str(self.bench.python(self.environment)), "-m", "pytest", "-q"]
        with self._written(job.candidate.path, job.source):
            return run(
                [*command, "-p", "no:cacheprovider", *options, job.candidate.path],
                cwd=self.root,
                env=ENVIRONMENT | (env or {}),
                bounds=bounds,
            )

    @contextmanager
    def _written(self, path: str, text: str) -> Iterator[None]:
        """What stood there before stands there again, as old as it was."""
        file = self.root / path
        before = file.read_bytes() if file.exists() else None
        file.write_text(text, encoding="utf-8")
        try:
            yield
        finally:
            if before is None:
                file.unlink()
            else:
                file.write_bytes(before)
                os.utime(file, (OLD_S, OLD_S))

    def _stored(self, kind: tuple[str, ...], job: Job, measured: Callable[[], Done]) -> Verdict:
        versions = (CODEBASES.get(self.codebase, ""), VENVS[self.environment])
        example = (job.example.function.path, job.example.source_file, job.candidate.path)
        content = (kind, versions, example, job.source)
        row = self.bench.store.get(content)
        if row is None:
            row = self.bench.store.put(content, row=_row(kind[0], job, measured()))
        usage = Usage(row["cpu_s"], row["wall_s"])
        return Verdict(row["code"] == 0, row["code"], row["timed_out"], usage)


WITHOUT_COVERAGE = ("-p", "no:pytest_cov")
ENVIRONMENT = {
    "PATH": os.environ.get("PATH", os.defpath),
    "HOME": str(Path.home()),
    "LC_ALL": "C.UTF-8",
    "PYTHONHASHSEED": "0",
    "PYTHONDONTWRITEBYTECODE": "1",
}


def _row(kind: str, job: Job, done: Done) -> dict[str, Any]:
    return {
        "kind": kind,
        "target": job.target,
        "code": done.code,
        "timed_out": done.timed_out,
        "cpu_s": done.usage.cpu_s,
        "wall_s": done.usage.wall_s,
    }


def disks(bench: Bench, jobs: list[Job]) -> dict[str, Disk]:
    """One for each codebase of the jobs."""
    return {job.codebase: Disk(bench, job.codebase) for job in jobs}

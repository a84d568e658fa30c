"""The row on truth: is a mutant that Covet calls killed one that pytest on disk rejects?

The candidates of the work against every mutant of their functions, and recorded test files of
four more packages, which a model wrote, against a sample of the mutants of the function that they
were written for.
"""

import gzip
import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from bench.grader.measure import say
from bench.grader.naive import Disk, Verdict, disks
from bench.grader.ours import FULL, grade
from bench.grader.row import Row
from bench.grader.work import Bench, Job, evenly
from bench.recorded import PACKAGES, material
from covet.languages.python import PYTHON
from covet.mine.functions import read_text
from covet.records import Candidate, Coverage, Execution, FunctionExample, Mutant

RECORDED_EACH = 12
"""Candidates of one package."""
RECORDED_MUTANTS = 12
"""Mutants of one recorded candidate."""


@dataclass(frozen=True, slots=True)
class Miss:
    """A mutant that the two disagree on, or a candidate that Covet does not grade."""

    function: str
    candidate: str
    mutant: str
    diff: str
    covet: str
    pytest: str


def agreement(bench: Bench) -> list[Row]:
    """The share of mutants with the same verdict; every other is listed."""
    if not bench.quick:
        material()
    jobs = bench.good()
    on_disk = disks(bench, jobs)
    compared = [(job, on_disk[job.codebase], job.mutants()) for job in jobs]
    misses, n = _compare(bench, compared, environment="tests")
    if not bench.quick:
        recorded = [part for package in PACKAGES for part in _recorded(bench, package)]
        more, count = _compare(bench, recorded, environment="recorded")
        misses, n = misses + more, n + count
    return [
        Row(
            key="agreement",
            figure=100 * (n - len(misses)) / n,
            unit="%",
            n=n,
            of="mutants",
            bar=99.8,
            want="at least",
            details={"misses": [asdict(miss) for miss in misses]},
        )
    ]


Compared = tuple[Job, Disk, Sequence[Mutant]]


def _compare(
    bench: Bench, compared: Sequence[Compared], *, environment: str
) -> tuple[list[Miss], int]:
    misses: list[Miss] = []
    jobs = [job for job, _, _ in compared]
    say(f"  covet: {len(jobs)} candidates")
    session = grade(bench, jobs, replace(FULL, environment=environment))
    for (job, disk, mutants), execution in zip(compared, session.executions, strict=True):
        say(f"  pytest on disk: {job.example.id}, {len(mutants)} mutants")
        if execution.status != "ok":
            detail = execution.detail[-500:]
            misses.append(_miss(job, None, f"{execution.status}: {detail}", "passes"))
            continue
        for mutant in mutants:
            verdict = disk.mutant(job, mutant)
            if (mutant.id in execution.killed) == verdict.passed:
                told = _told(execution, mutant)
                misses.append(_miss(job, mutant, told, _told_on_disk(verdict)))
    return misses, sum(len(mutants) for _, _, mutants in compared)


def _miss(job: Job, mutant: Mutant | None, covet: str, pytest: str) -> Miss:
    identity, diff = (mutant.id, mutant.diff) if mutant else ("", "")
    return Miss(job.example.id, _digest(job.source)[:12], identity, diff, covet, pytest)


def _told(execution: Execution, mutant: Mutant) -> str:
    table = execution.mutants
    if table is None or mutant.id not in table.programs:
        return "unknown"
    column = table.programs.index(mutant.id)
    verdicts = {row[column] for row in table.cells}
    return ("killed: " if mutant.id in execution.killed else "survives: ") + ", ".join(
        sorted(verdicts)
    )


def _told_on_disk(verdict: Verdict) -> str:
    end = "timeout" if verdict.timed_out else f"exit code {verdict.code}"
    return f"{'survives' if verdict.passed else 'killed'}: {end}"


# ---------------------------------------------------------------------- recorded candidates


def _recorded(bench: Bench, package: str) -> list[Compared]:
    """The first good candidates by the hash of their text that lie in a function with mutants
    and pass on disk.
    """
    disk = Disk(bench, package, environment="recorded")
    found: list[Compared] = []
    for row in sorted(_good_rows(package), key=lambda row: _digest(row["completion"])):
        job = _recorded_job(bench, package, row)
        if job is not None and disk.original(job).passed:
            mutants = evenly(job.mutants(), RECORDED_MUTANTS)
            found += [(job, disk, mutants)] if mutants else []
        if len(found) == RECORDED_EACH:
            break
    return found


def _good_rows(package: str) -> Iterator[dict[str, Any]]:
    file = material() / f"gpt4o_{package}.jsonl.gz"
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            if row["verdict"] == "good":
                yield row


def _recorded_job(bench: Bench, package: str, row: dict[str, Any]) -> Job | None:
    """None where the segment lies in no function."""
    path = row["file"]
    module = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    text = read_text(bench.codebase(package) / path)
    functions = PYTHON.functions(text, path=path, module=module)
    around = [f for f in functions if row["first_line"] in f.span and row["last_line"] in f.span]
    if not around:
        return None
    function = min(around, key=lambda f: f.span.last_line - f.span.first_line)
    example = FunctionExample(
        id=f"{path}::{function.qualname}",
        function=function,
        source_file=text,
        test_path="tests/test_recorded.py",
        test_file="",
        tests=(),
        executable=Coverage(PYTHON.executable_lines(text, function.span)),
        baseline=Coverage(),
        split="heldout",
    )
    candidate = Candidate(example.test_path, row["completion"], row["completion"])
    return Job(function.qualname, "good", package, example, candidate)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()

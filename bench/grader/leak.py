"""Rows on what a worker keeps: memory, processes and files after thousands of candidates.

One grader, one worker. Every candidate leaves something behind on purpose: files, a thread, a
child that sleeps, an open descriptor, memory; one in ten is graded against mutants. Samples are
taken between two calls, when nothing runs.
"""

import contextlib
import os
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from bench.grader.measure import descendants, say
from bench.grader.ours import FULL, settings
from bench.grader.row import Row
from bench.grader.work import CANDIDATES, TARGETS, Bench, Job
from covet.execute.grader import open_grader

EVERY = 500
SETTLE_S = 0.5
"""What ends by itself after a call has so long to do it."""
CHILD = "child"
CHILDREN = 30
"""One candidate in so many leaves a child: that costs a process of its own for every program, and
most of two seconds.
"""
LITTER = {
    file.stem: f"\n\n{file.read_text(encoding='utf-8')}"
    for file in sorted(CANDIDATES.glob("litter/*.py"))
}
OTHERS = [name for name in LITTER if name != CHILD]


@dataclass(frozen=True, slots=True)
class Sample:
    """What there is of a worker at one moment."""

    candidates: int
    memory_mb: float
    """Proportional set size of all its processes, their shared pages shared out."""
    processes: int
    descriptors: int
    mounts: int
    files: int
    """Below the temporary folders of this process and of the worker."""


def leak(bench: Bench) -> list[Row]:
    n = max(2, bench.leak // EVERY) * EVERY
    every = EVERY
    if bench.quick:
        n, every = 40, 20
    with _own_temporary_folder(bench.out / "tmp") as folder:
        samples = list(_samples(bench, folder, n=n, every=every))
    first, last = samples[0], samples[-1]
    details = {"samples": [asdict(sample) for sample in samples]}
    figures = (
        ("leak_memory_mb", first.memory_mb, last.memory_mb, 50.0),
        ("leak_processes", first.processes, last.processes, 0.0),
        ("leak_files", first.files, last.files, 0.0),
    )
    return [
        Row(
            key=key,
            figure=float(after - before),
            unit="more",
            n=n,
            of="candidates",
            bar=bar,
            want="at most",
            ours={"first": before, "last": after},
            details=details if key == "leak_memory_mb" else {},
        )
        for key, before, after, bar in figures
    ]


def _samples(bench: Bench, folder: Path, *, n: int, every: int) -> Iterator[Sample]:
    """The first after the first ``every`` candidates: what is made once is there by then."""
    good = [job for job in bench.good() if job.codebase == TARGETS[0].codebase]
    with open_grader(bench.codebase(TARGETS[0].codebase), settings(bench, FULL)) as grader:
        for start in range(0, n, every):
            jobs = [_littering(good, number) for number in range(start, start + every)]
            hard, easy = jobs[::10], [job for i, job in enumerate(jobs) if i % 10]
            for part, mutants in ((hard, True), (easy, False)):
                found = grader.grade(
                    [(job.example, job.candidate) for job in part], wants_mutants=mutants
                )
                for job, execution in zip(part, found, strict=True):
                    if execution.status == "infrastructure":
                        say(f"  {job.target}: infrastructure: {execution.detail}")
            time.sleep(SETTLE_S)
            sample = _sample(folder, start + every)
            say(f"  {sample}")
            yield sample


def _littering(good: list[Job], number: int) -> Job:
    job, turn = good[number % len(good)], number // len(good)
    name = CHILD if turn % CHILDREN == 0 else OTHERS[turn % len(OTHERS)]
    return job.with_source(job.source + LITTER[name]).copy(number + 1)


def _sample(folder: Path, candidates: int) -> Sample:
    pids = list(descendants(os.getpid()))
    roots = {folder, *(root for pid in pids if _is_private(root := Path(f"/proc/{pid}/root/tmp")))}
    return Sample(
        candidates=candidates,
        memory_mb=sum(_memory_kb(pid) for pid in pids) / 1024,
        processes=len(pids),
        descriptors=sum(_count(Path(f"/proc/{pid}/fd")) for pid in pids),
        mounts=sum(_lines(Path(f"/proc/{pid}/mountinfo")) for pid in pids),
        files=sum(_below(root) for root in roots),
    )


def _is_private(folder: Path) -> bool:
    """Whether it is another folder than the machine's own of that name."""
    with contextlib.suppress(OSError):
        return not folder.samefile("/tmp")  # noqa: S108
    return False


def _memory_kb(pid: int) -> int:
    """The resident size where the proportional one may not be read."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    with contextlib.suppress(OSError):
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") // 1024
    return 0


def _count(folder: Path) -> int:
    with contextlib.suppress(OSError):
        return sum(1 for _ in folder.iterdir())
    return 0


def _lines(file: Path) -> int:
    with contextlib.suppress(OSError):
        return file.read_text().count("\n")
    return 0


def _below(folder: Path) -> int:
    return sum(len(names) + len(files) for _, names, files in os.walk(folder))


@contextlib.contextmanager
def _own_temporary_folder(folder: Path) -> Iterator[Path]:
    """Temporary files of this process go where nothing else puts any."""
    folder.mkdir(exist_ok=True)
    before = tempfile.tempdir
    tempfile.tempdir = str(folder)
    try:
        yield folder
    finally:
        tempfile.tempdir = before

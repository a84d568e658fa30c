"""Rows on what never ends: a candidate that computes, one that waits, a mutant that loops."""

from dataclasses import replace

from bench.grader.measure import Usage, say
from bench.grader.naive import Disk
from bench.grader.ours import FULL, grade
from bench.grader.row import Row
from bench.grader.work import HANGS, LOOPS, TARGETS, Bench, Target, copies

CPU_BAR_S = 0.1
WALL_BAR_S = 1.0
LOOPING = Target("digit_sum", LOOPS, "loops.py", "digit_sum")


def hang(bench: Bench) -> list[Row]:
    rows: list[Row] = []
    times = 1 if bench.quick else 3
    first = bench.job(TARGETS[0], "good_1", "good")
    for name, ending in HANGS.items():
        say(f"  a candidate that hangs: {name}")
        hanging = first.with_source(first.source + ending)
        jobs = copies([replace(hanging, kind="hanging")], times)
        session = grade(bench, jobs)
        rows += _rows(f"hang_{name}", session.per_record, times, {"statuses": session.statuses})
    return [*rows, *_hanging_mutant(bench, times)]


def _hanging_mutant(bench: Bench, times: int) -> list[Row]:
    """Which mutants loop, pytest on disk tells. What the others cost is charged to them too."""
    say("  a mutant that hangs")
    job = bench.job(LOOPING, "good_1", "good")
    disk = Disk(bench, LOOPS)
    looping = [mutant.id for mutant in job.mutants() if disk.mutant(job, mutant).timed_out]
    if not looping:
        raise SystemExit(f"no mutant of {LOOPING.qualname} hangs; make another example of it")
    jobs = copies([job], times)
    session, without = grade(bench, jobs), grade(bench, jobs, replace(FULL, mutants=False))
    count = times * len(looping)
    extra = session.usage - without.usage
    each = Usage(extra.cpu_s / count, extra.wall_s / count)
    missed = [id_ for e in session.executions for id_ in looping if id_ not in e.killed]
    return _rows("hang_mutant", each, count, {"looping": looping, "not_killed": missed})


def _rows(key: str, each: Usage, n: int, details: dict[str, object]) -> list[Row]:
    figures = ((f"{key}_cpu_s", each.cpu_s, CPU_BAR_S), (f"{key}_wall_s", each.wall_s, WALL_BAR_S))
    return [
        Row(key, figure, "s each", n, "hangs", bar, "at most", details=details)
        for key, figure, bar in figures
    ]

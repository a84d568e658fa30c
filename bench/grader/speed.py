"""Rows on speed: Covet against pytest, mutmut and cosmic-ray, and its own rates."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from statistics import median

from bench.grader import peers
from bench.grader.measure import Usage, say
from bench.grader.naive import Disk, Record, disks
from bench.grader.ours import FULL, Session, Way, grade, interleaved, typical
from bench.grader.peers import Rate
from bench.grader.row import Row
from bench.grader.work import GROUP, Bench, Job, copies

MUTMUT_EACH = 2
"""Candidates of one function that mutmut gets; each is a run of its own."""
COSMIC_RAY_SAMPLE = 12


def full_record(bench: Bench) -> list[Row]:
    """Two runs of the original, coverage, and every mutant, against a pytest process for each."""
    jobs = bench.good()
    on_disk = disks(bench, jobs)
    parts = [partial(_naive_record, on_disk[job.codebase], job) for job in jobs]
    theirs, sessions = interleaved(parts, partial(_group, bench, jobs), rounds=bench.rounds)
    session = typical(sessions)
    usage = sum((record.usage for record in theirs), Usage())
    n = len(jobs)
    return [
        Row(
            key="full_record",
            figure=usage.cpu_s / n / session.per_record.cpu_s,
            unit="times",
            n=n,
            of="candidates",
            bar=200,
            want="at least",
            ours=_sides(session),
            theirs={
                "cpu_ms_per_record": 1000 * usage.cpu_s / n,
                "pytest_runs": sum(record.runs for record in theirs),
            },
            details={
                **_details(bench, sessions),
                "ratio_with_start": usage.cpu_s / n / _with_start(session),
                "pytest_runs_ended": sum(record.timeouts for record in theirs),
                "their_cpu_s_in_those": sum(record.timeouts_cpu_s for record in theirs),
                "wall_ratio": usage.wall_s / n / session.per_record.wall_s,
            },
        )
    ]


def _naive_record(disk: Disk, job: Job) -> Record:
    say(f"  pytest on disk: {job.target}, {len(job.mutants())} mutants")
    return disk.record(job)


def mutmut(bench: Bench) -> list[Row]:
    """Verdicts on mutants for a CPU-second; of the functions that mutmut can mutate."""
    can = [target.name for target in bench.targets if target.mutmut]
    jobs = [job for job in bench.good(each=MUTMUT_EACH) if job.target in can]
    parts = [partial(_told, "mutmut", job, partial(peers.mutmut, bench, job)) for job in jobs]
    passed_over = [target.name for target in bench.targets if not target.mutmut]
    return [_rates(bench, "mutmut", 75, jobs, parts, {"functions_it_cannot_mutate": passed_over})]


def cosmic_ray(bench: Bench) -> list[Row]:
    """The same against cosmic-ray, on a sample of each function's mutants."""
    jobs = bench.good(each=1)
    sample = 3 if bench.quick else COSMIC_RAY_SAMPLE
    parts = [
        partial(_told, "cosmic-ray", job, partial(peers.cosmic_ray, bench, job, sample=sample))
        for job in jobs
    ]
    return [_rates(bench, "cosmic_ray", 400, jobs, parts, {"sample": sample})]


def _told(tool: str, job: Job, measured: partial[Rate]) -> Rate:
    say(f"  {tool}: {job.target}")
    return measured()


def _rates(
    bench: Bench,
    key: str,
    bar: float,
    jobs: Sequence[Job],
    parts: Sequence[partial[Rate]],
    details: dict[str, object],
) -> Row:
    """Their runs in which no mutant had to be ended count; with the others, the ratio is told."""
    theirs, sessions = interleaved(parts, partial(_group, bench, jobs), rounds=bench.rounds)
    session = typical(sessions)
    ended = [rate for rate in theirs if not rate.timeouts]
    verdicts = sum(rate.verdicts for rate in ended)
    cpu_s = sum(rate.usage.cpu_s for rate in ended)
    ours = session.verdicts / session.usage.cpu_s
    with_start = session.verdicts / (session.usage.cpu_s + session.start_cpu_s)
    return Row(
        key=key,
        figure=ours / (verdicts / cpu_s),
        unit="times",
        n=verdicts,
        of="of its verdicts",
        bar=bar,
        want="at least",
        ours={"verdicts_per_cpu_s": ours, "verdicts": session.verdicts},
        theirs={"verdicts_per_cpu_s": verdicts / cpu_s, "cpu_s": cpu_s},
        details={
            **_details(bench, sessions),
            **details,
            "ratio_with_start": with_start / (verdicts / cpu_s),
            "ratio_with_timeouts": ours
            / sum(rate.verdicts for rate in theirs)
            * sum(rate.usage.cpu_s for rate in theirs),
            "runs": [
                {
                    "function": job.target,
                    "verdicts": rate.verdicts,
                    "timeouts": rate.timeouts,
                    "cpu_s": rate.usage.cpu_s,
                }
                for job, rate in zip(jobs, theirs, strict=True)
            ],
        },
    )


def pass_and_coverage(bench: Bench) -> list[Row]:
    """One run of the original with coverage, no mutants, against ``pytest --cov``."""
    jobs = bench.good()
    on_disk = disks(bench, jobs)
    parts = [partial(on_disk[job.codebase].coverage, job) for job in jobs]
    way = Way(mutants=False, repeats=1)
    theirs, sessions = interleaved(parts, partial(_group, bench, jobs, way), rounds=bench.rounds)
    session = typical(sessions)
    usage, n = sum((verdict.usage for verdict in theirs), Usage()), len(jobs)
    return [
        Row(
            key="pass_and_coverage",
            figure=usage.cpu_s / n / session.per_record.cpu_s,
            unit="times",
            n=n,
            of="candidates",
            bar=40,
            want="at least",
            ours=_sides(session),
            theirs={"cpu_ms_per_record": 1000 * usage.cpu_s / n},
            details=_details(bench, sessions)
            | {"ratio_with_start": usage.cpu_s / n / _with_start(session)},
        )
    ]


def sandbox(bench: Bench) -> list[Row]:
    """The same full records with the isolation and without, by turns."""
    jobs = copies(bench.good(), 1 if bench.quick else GROUP // 4)
    pairs: list[tuple[Session, Session]] = []
    for turn in range(2 if bench.quick else 5):
        say(f"  isolation full and none, round {turn + 1}")
        pairs.append((grade(bench, jobs), grade(bench, jobs, replace(FULL, isolation="none"))))
    costs = [1000 * (full.per_record.cpu_s - none.per_record.cpu_s) for full, none in pairs]
    return [
        Row(
            key="sandbox_ms",
            figure=median(costs),
            unit="CPU-ms a record",
            n=len(jobs),
            of=f"candidates, {len(pairs)} rounds",
            bar=5,
            want="at most",
            ours={
                "full_cpu_ms": 1000 * median(full.per_record.cpu_s for full, _ in pairs),
                "none_cpu_ms": 1000 * median(none.per_record.cpu_s for _, none in pairs),
            },
            details={"rounds_ms": costs},
        )
    ]


def records(bench: Bench) -> list[Row]:
    """Full records for a CPU-second, of one worker: of good candidates, and of the mix."""
    good = bench.good()
    mix = copies([*good, *bench.bad()], 1)
    rows: list[Row] = []
    for key, jobs, bar in (
        ("records_per_cpu_s_good", copies(good, max(1, GROUP // 4)), 30),
        ("records_per_cpu_s_mix", mix, 25),
    ):
        say(f"  {key}: {len(jobs)} candidates, {bench.rounds} rounds")
        sessions = [grade(bench, jobs) for _ in range(bench.rounds)]
        session = typical(sessions)
        rows.append(
            Row(
                key=key,
                figure=1 / session.per_record.cpu_s,
                unit="a CPU-s",
                n=len(jobs),
                of="candidates",
                bar=bar,
                want="at least",
                ours=_sides(session),
                details=_details(bench, sessions)
                | {
                    "records_per_wall_s": 1 / session.per_record.wall_s,
                    "start_cpu_s": session.start_cpu_s,
                    "statuses": session.statuses,
                },
            )
        )
    return rows


def workers(bench: Bench) -> list[Row]:
    """Full records for a second of wall time, with one worker and with two."""
    jobs = copies(bench.good(), 1 if bench.quick else GROUP // 2)
    rates: dict[int, list[float]] = {1: [], 2: []}
    for turn in range(1 if bench.quick else 2):
        say(f"  one worker and two, round {turn + 1}")
        for count, found in rates.items():
            found.append(1 / grade(bench, jobs, replace(FULL, workers=count)).per_record.wall_s)
    one, two = median(rates[1]), median(rates[2])
    return [
        Row(
            key="workers",
            figure=two / one,
            unit="times",
            n=len(jobs),
            of="candidates",
            ours={"records_per_wall_s_1": one, "records_per_wall_s_2": two},
            details={"rounds": rates},
        )
    ]


# -------------------------------------------------------------------------- what rows share


def _group(bench: Bench, jobs: Sequence[Job], way: Way = FULL) -> Session:
    """As many copies of the candidates as make a group of each function."""
    each = len(jobs) // len({job.target for job in jobs})
    times = 1 if bench.quick else max(1, GROUP // each)
    say(f"  covet: {len(jobs) * times} candidates")
    return grade(bench, copies(jobs, times), way)


def _with_start(session: Session) -> float:
    return (session.usage.cpu_s + session.start_cpu_s) / len(session.jobs)


def _sides(session: Session) -> dict[str, float]:
    return {
        "cpu_ms_per_record": 1000 * session.per_record.cpu_s,
        "wall_ms_per_record": 1000 * session.per_record.wall_s,
    }


def _details(bench: Bench, sessions: Sequence[Session]) -> dict[str, object]:
    """What makes a figure credible: the rounds, and what every candidate came to."""
    wrong = [
        f"{job.target}: {execution.status}: {execution.detail[-200:]}"
        for job, execution in zip(sessions[0].jobs, sessions[0].executions, strict=True)
        if job.kind == "good" and execution.status != "ok"
    ]
    return {
        "rounds_cpu_ms": [1000 * session.per_record.cpu_s for session in sessions],
        "records": len(sessions[0].jobs),
        "start_cpu_s": sessions[0].start_cpu_s,
        "good_but_not_ok": wrong,
        "measurements_of_earlier_calls": bench.store.reused,
    }

"""The row on where a record's time goes, against the least that it could take.

The floor of a record: a fork, ``_exit`` and wait of an interpreter with pytest and the package
loaded, for each run of the original; and the tests' own time against every program, as if no
mutant's run ended at the first test that rejects it.
"""

import json
import subprocess
from statistics import mean
from typing import Any

from bench.grader.measure import say
from bench.grader.naive import ENVIRONMENT
from bench.grader.ours import FULL, grade
from bench.grader.row import Row
from bench.grader.work import Bench, Job

FORK = """
import gc, importlib, json, os, resource, sys
import pytest
for name in sys.argv[1:]:
    importlib.import_module(name)
gc.collect()
gc.freeze()
def cpu_s():
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)
before = cpu_s()
for _ in range(300):
    child = os.fork()
    if not child:
        os._exit(0)
    os.waitpid(child, 0)
print(json.dumps((cpu_s() - before) / 300))
"""
OWN = """
import json, sys, time
import pytest
class Own:
    total = 0.0
    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item):
        started = time.process_time()
        result = yield
        taken = [time.process_time() - started]
        for _ in range(3):
            started = time.process_time()
            try:
                item.runtest()
            except Exception:
                break
            taken.append(time.process_time() - started)
        self.total += min(taken)
        return result
own = Own()
code = pytest.main(["-p", "no:cacheprovider", "-p", "no:pytest_cov", "-p", "no:terminal",
                    sys.argv[1]], plugins=[own])
print(json.dumps([int(code), own.total]))
"""


def profile(bench: Bench) -> list[Row]:
    jobs = bench.good()
    say("  the floor of each candidate")
    forks = {name: _fork_s(bench, name, jobs) for name in {job.codebase for job in jobs}}
    tests = [_tests_s(bench, job) for job in jobs]
    session = grade(bench, jobs)
    floor = [
        FULL.repeats * forks[job.codebase] + (FULL.repeats + len(job.mutants())) * own
        for job, own in zip(jobs, tests, strict=True)
    ]
    total_ms = 1000 * session.per_record.cpu_s
    candidates_ms = 1000 * mean(execution.cpu_s for execution in session.executions)
    return [
        Row(
            key="profile",
            figure=total_ms / (1000 * mean(floor)),
            unit="times the floor",
            n=len(jobs),
            of="candidates",
            ours={
                "record_ms": total_ms,
                "candidate_processes_ms": candidates_ms,
                "worker_and_coordinator_ms": total_ms - candidates_ms,
            },
            theirs={"floor_ms": 1000 * mean(floor), "tests_once_ms": 1000 * mean(tests)},
            details={"fork_ms": {name: 1000 * fork for name, fork in forks.items()}},
        )
    ]


def _fork_s(bench: Bench, codebase: str, jobs: list[Job]) -> float:
    modules = {job.example.function.module for job in jobs if job.codebase == codebase}
    return float(_answer(bench, codebase, FORK, *sorted(modules)))


def _tests_s(bench: Bench, job: Job) -> float:
    """The tests' own CPU time, without fixtures: the least of a few times where a test can be
    called again.
    """
    file = bench.codebase(job.codebase) / job.candidate.path
    file.write_text(job.source, encoding="utf-8")
    try:
        code, own = _answer(bench, job.codebase, OWN, job.candidate.path)
    finally:
        file.unlink()
    if code:
        raise SystemExit(f"{job.candidate.path} does not pass in {job.codebase}")
    return own


def _answer(bench: Bench, codebase: str, program: str, *arguments: str) -> Any:
    command = [str(bench.python("tests")), "-c", program, *arguments]
    done = subprocess.run(
        command,
        cwd=bench.codebase(codebase),
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return json.loads(done.stdout.splitlines()[-1])

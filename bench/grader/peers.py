"""Two mutation testing tools as their users run them, on one function and one test file.

Both mutate a copy of the codebase. mutmut counts from end to end, with its own settings and one
child at a time. Of cosmic-ray a sample of the function's mutants is run by the local distributor;
finding the mutants does not count. Each result is stored.
"""

import contextlib
import json
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bench.grader.measure import Bounds, Usage, run
from bench.grader.naive import ENVIRONMENT
from bench.grader.work import CODEBASES, VENVS, Bench, Job, evenly

MUTANTS_WITHIN = """
select job_id from mutation_specs where start_pos_row between ? and ?
order by start_pos_row, operator_name, occurrence
"""
MUTMUT_TIMEOUTS = frozenset({-24, 24, 36, 152, 255})
"""Exit codes of a mutant that it calls a timeout."""
BOUNDS = Bounds(cpu_s=900, wall_s=1800, memory_mb=8192)


@dataclass(frozen=True, slots=True)
class Rate:
    """Verdicts on mutants, and what they took."""

    verdicts: int
    usage: Usage
    timeouts: int = 0
    """Mutants among them that the tool ended."""


def mutmut(bench: Bench, job: Job) -> Rate:
    """All mutants of the job's function."""
    return _stored(bench, "mutmut", job, lambda: _mutmut(bench, job))


def cosmic_ray(bench: Bench, job: Job, *, sample: int) -> Rate:
    """At most ``sample`` mutants of the job's function, evenly over it."""
    kind = f"cosmic_ray {sample}"
    return _stored(bench, kind, job, lambda: _cosmic_ray(bench, job, sample))


def _stored(bench: Bench, kind: str, job: Job, measured: Callable[[], Rate]) -> Rate:
    versions = (CODEBASES[job.codebase], VENVS["mutmut"], VENVS["cosmic_ray"])
    content = (kind, versions, job.example.id, job.source)
    row = bench.store.get(content)
    if row is None:
        rate = measured()
        row = bench.store.put(
            content,
            row={
                "kind": kind,
                "target": job.target,
                "verdicts": rate.verdicts,
                "timeouts": rate.timeouts,
                "cpu_s": rate.usage.cpu_s,
                "wall_s": rate.usage.wall_s,
            },
        )
    return Rate(row["verdicts"], Usage(row["cpu_s"], row["wall_s"]), row["timeouts"])


def _mutmut(bench: Bench, job: Job) -> Rate:
    root = _prepared(bench, job, "mutmut")
    module, path = job.example.function.module, job.example.function.path
    names = f"{module}.{_mangled(job.example.function.qualname)}__mutmut_"
    (root / "setup.cfg").write_text(
        f"[mutmut]\nsource_paths=\n  {path.split('/')[0]}\nonly_mutate=\n  {path}\n"
        f"use_git_change_detection=false\n"
        f"pytest_add_cli_args_test_selection=\n  {job.candidate.path}\n"
    )
    command = [_tool(bench, "mutmut"), "run", "--max-children", "1", f"{names}*"]
    done = run(command, cwd=root, env=_environment(bytecode=True), bounds=BOUNDS)
    meta = root / "mutants" / f"{path}.meta"
    codes = json.loads(meta.read_text())["exit_code_by_key"] if meta.exists() else {}
    verdicts = [code for name, code in codes.items() if name.startswith(names)]
    known = sum(code is not None for code in verdicts)
    if not known:
        raise SystemExit(f"mutmut has no verdict on {job.example.id}:\n{done.output}")
    return Rate(known, done.usage, sum(code in MUTMUT_TIMEOUTS for code in verdicts))


def _mangled(qualname: str) -> str:
    """As mutmut calls a function's mutants."""
    owner, dot, name = qualname.rpartition(".")
    return f"xǁ{owner}ǁ{name}" if dot else f"x_{name}"


def _cosmic_ray(bench: Bench, job: Job, sample: int) -> Rate:
    root = _prepared(bench, job, "cosmic_ray")
    test = f"{bench.python('cosmic_ray')} -m pytest -x -q {job.candidate.path}"
    (root / "cosmic-ray.toml").write_text(
        f'[cosmic-ray]\nmodule-path = "{job.example.function.path}"\ntimeout = 5.0\n'
        f'excluded-modules = []\ntest-command = "{test}"\n'
        '[cosmic-ray.distributor]\nname = "local"\n'
    )
    tool, env = _tool(bench, "cosmic-ray", "cosmic_ray"), _environment(bytecode=False)
    files = ("cosmic-ray.toml", "session.sqlite")
    found = run([tool, "init", *files], cwd=root, env=env, bounds=BOUNDS)
    if found.code:
        raise SystemExit(f"cosmic-ray finds no mutants of {job.example.id}:\n{found.output}")
    span = job.example.function.span
    with contextlib.closing(sqlite3.connect(root / "session.sqlite")) as session, session:
        rows = session.execute(MUTANTS_WITHIN, (span.first_line, span.last_line)).fetchall()
        kept = evenly([row[0] for row in rows], sample)
        marks = ",".join("?" * len(kept))
        session.execute(f"delete from mutation_specs where job_id not in ({marks})", kept)  # noqa: S608
        session.execute(f"delete from work_items where job_id not in ({marks})", kept)  # noqa: S608
    done = run([tool, "exec", *files], cwd=root, env=env, bounds=BOUNDS)
    with contextlib.closing(sqlite3.connect(root / "session.sqlite")) as session:
        query = "select count(*) from work_results where worker_outcome = 'NORMAL'"
        (known,) = session.execute(query).fetchone()
        (ended,) = session.execute(f"{query} and output = 'timeout'").fetchone()
    if known != len(kept):
        raise SystemExit(
            f"cosmic-ray judged {known} of {len(kept)} mutants of {job.example.id}:\n{done.output}"
        )
    return Rate(known, done.usage, ended)


def _prepared(bench: Bench, job: Job, purpose: str) -> Path:
    root = bench.copy(job.codebase, purpose)
    (root / job.candidate.path).write_text(job.source, encoding="utf-8")
    return root


def _tool(bench: Bench, name: str, environment: str = "") -> str:
    return str(bench.python(environment or name).parent / name)


def _environment(*, bytecode: bool) -> dict[str, str]:
    """Bytecode only where the tool does not write over a file within a second."""
    return {k: v for k, v in ENVIRONMENT.items() if not (bytecode and k.endswith("BYTECODE"))}

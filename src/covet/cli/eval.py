"""``covet eval bon`` and ``covet eval fidelity``: what suites are worth as judges of solutions.

Both read tasks, suites and solutions as JSON lines and fill the same matrices, which are kept in
``--out`` as they come: one verb reads what the other has run, and a call that was interrupted goes
on with ``--resume``.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from covet.cli.outcome import emit
from covet.cli.progress import Reporter
from covet.config import Config, load
from covet.errors import EnvironmentNotReady, UsageError
from covet.evaluate import best_of_n, fidelity
from covet.evaluate.best_of_n import Ties
from covet.evaluate.metrics import Bootstrap, estimate
from covet.evaluate.suites import MATRICES, Contests, Judged, judge, read_contests
from covet.execute.programs import open_programs
from covet.runlog import encode, hold, write_whole

SELECTIONS = ("random", "suite", "agreement", "oracle")


def bon(
    *,
    tasks: Path,
    suites: str,
    solutions: tuple[Path, ...],
    out: Path,
    resume: bool,
    sweep: tuple[int, ...],
    ties: Ties,
    config: Path | None,
    overrides: tuple[str, ...],
    as_json: bool,
) -> None:
    settings = load(config, overrides)
    contests, judged = _judged(tasks, suites, solutions, out, resume=resume, settings=settings)
    known = [one.known() for one in judged]
    writers = {
        name: [one.of(name) for one in known if name in one.writers] for name in _names(known)
    }
    most = max(len(one.writers) for mine in writers.values() for one in mine)
    sizes = _sizes(sweep, most)
    result = {
        "ties": ties,
        "left_out": _left_out(contests, judged, known),
        "writers": {
            name: {str(n): _best(mine, n, ties, settings) for n in sizes}
            for name, mine in writers.items()
        },
    }
    _finish(out / "bon.json", result, as_json=as_json, show=_show_bon)


def fidelities(
    *,
    tasks: Path,
    suites: str,
    solutions: tuple[Path, ...],
    out: Path,
    resume: bool,
    config: Path | None,
    overrides: tuple[str, ...],
    as_json: bool,
) -> None:
    settings = load(config, overrides)
    contests, judged = _judged(tasks, suites, solutions, out, resume=resume, settings=settings)
    known = [one.known() for one in judged]
    scored = [one.scored() for one in known if one.writers]
    bootstrap = _bootstrap(settings)
    result = {
        "left_out": _left_out(contests, judged, known),
        "pooled": asdict(fidelity.fidelity(scored, bootstrap)),
        "writers": {
            name: asdict(found) for name, found in fidelity.by_writer(scored, bootstrap).items()
        },
    }
    _finish(out / "fidelity.json", result, as_json=as_json, show=_show_fidelity)


# ------------------------------------------------------------------------------------ run


def _judged(
    tasks: Path,
    suites: str,
    solutions: Sequence[Path],
    out: Path,
    *,
    resume: bool,
    settings: Config,
) -> tuple[Contests, list[Judged]]:
    if (out / MATRICES).exists() and not resume:
        raise UsageError(f"{out}: matrices are there; add --resume to use them, or name another")
    contests = read_contests(tasks, suites, solutions)
    out.mkdir(parents=True, exist_ok=True)
    reporter = Reporter()
    stage = reporter.stage("matrices", 2 * len(contests.contests))
    with hold(out), open_programs(settings) as grader, stage:
        try:
            judged = judge(contests.contests, grader, out, on_progress=stage.update)
        except KeyboardInterrupt as interrupt:
            hint = "the same command with --resume continues it"
            raise KeyboardInterrupt(hint) from interrupt
    return contests, judged


def _names(judged: Sequence[Judged]) -> list[str]:
    names = list(dict.fromkeys(name for one in judged for name in one.writers))
    if not names:
        raise EnvironmentNotReady(
            "nothing is known of any solution: every run was lost; see `covet doctor`"
        )
    return names


def _left_out(
    contests: Contests, judged: Sequence[Judged], known: Sequence[Judged]
) -> dict[str, int]:
    lost = sum(len(one.writers) for one in judged) - sum(len(one.writers) for one in known)
    return {
        "tasks_without_solutions": contests.without_solutions,
        "tasks_without_reference_cases": contests.without_reference,
        "solutions_of_unknown_fate": lost,
        "tasks_whose_suite_is_empty": contests.without_suite,
    }


def _bootstrap(settings: Config) -> Bootstrap:
    return Bootstrap(settings.evaluate.bootstrap, settings.evaluate.seed)


def _finish(
    path: Path,
    result: dict[str, Any],
    *,
    as_json: bool,
    show: Callable[[dict[str, Any]], None],
) -> None:
    write_whole(path, encode(result) + b"\n")
    if as_json:
        emit(result | {"out": str(path)})
        return
    show(result)
    click.echo(str(path))


# ------------------------------------------------------------------------------------ bon


def _sizes(sweep: tuple[int, ...], most: int) -> list[int]:
    """As asked for, or the powers of two and all."""
    if wrong := [n for n in sweep if n > most]:
        raise UsageError(f"--n {wrong[0]}: no task has more than {most} solutions of one writer")
    powers = [1 << power for power in range(most.bit_length()) if 1 << power < most]
    return sorted(set(sweep)) if sweep else [*powers, most]


def _best(tasks: Sequence[Judged], n: int, ties: Ties, settings: Config) -> dict[str, Any]:
    """Over the tasks that have n solutions. ``gain``: of the suite over chance, task by task."""
    bootstrap = _bootstrap(settings)
    enough = [one for one in tasks if len(one.writers) >= n]
    told: dict[str, Any] = {"tasks": len(enough)}
    for measure in ("score", "accuracy"):
        rows = [_selected(one, n, ties, measure, settings.evaluate.seed) for one in enough]
        found = {name: estimate([row[name] for row in rows], bootstrap) for name in SELECTIONS}
        found["gain"] = estimate([row["suite"] - row["random"] for row in rows], bootstrap)
        told[measure] = {name: asdict(value) for name, value in found.items()}
    return told


def _selected(one: Judged, n: int, ties: Ties, measure: str, seed: int) -> dict[str, float]:
    scored = one.scored()
    worth = scored.reference if measure == "score" else tuple(map(float, scored.right))
    return {
        "random": best_of_n.at_random(worth),
        "suite": best_of_n.best_of_n(scored.suite, worth, n=n, ties=ties),
        "agreement": best_of_n.agreement(one.suite, worth, n=n, seed=seed),
        "oracle": best_of_n.best_of_n(scored.reference, worth, n=n),
    }


def _show_bon(result: dict[str, Any]) -> None:
    for writer, by_n in result["writers"].items():
        click.echo(f"solutions by {writer or 'nobody named'}, ties {result['ties']}")
        for measure in ("accuracy", "score"):
            click.echo(f"  {measure:9}" + "".join(f"{name:>22}" for name in (*SELECTIONS, "gain")))
            for n, told in by_n.items():
                cells = [_range(told[measure][name]) for name in (*SELECTIONS, "gain")]
                click.echo(f"  N = {n:5}" + "".join(f"{cell:>22}" for cell in cells))
    _show_left_out(result)


def _range(told: Mapping[str, Any]) -> str:
    return f"{told['value']:.3f} [{told['low']:.3f}, {told['high']:.3f}]"


def _show_left_out(result: dict[str, Any]) -> None:
    for name, count in result["left_out"].items():
        if count:
            click.echo(f"{count:6} {name.replace('_', ' ')}")


# ------------------------------------------------------------------------------- fidelity


def _show_fidelity(result: dict[str, Any]) -> None:
    for writer, told in (("all", result["pooled"]), *result["writers"].items()):
        click.echo(f"solutions by {writer or 'nobody named'}, {told['spearman']['n']} tasks")
        for name, value in told.items():
            words = f"  {name.replace('_', ' '):24}"
            click.echo(words + (_range(value) if isinstance(value, dict) else str(value)))
    _show_left_out(result)

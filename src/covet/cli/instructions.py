"""``covet instructions``: a dataset of instructions with programs is read, checked and written."""

from contextlib import ExitStack
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import cast

import click

from covet.cli.outcome import emit
from covet.cli.progress import Reporter
from covet.config import Config, load
from covet.errors import FoundWanting, UsageError
from covet.execute.programs import ProgramGrader, open_programs
from covet.instructions import Report, lint, read_rows
from covet.instructions.dataset import read_examples, write_examples
from covet.instructions.lint import read_tasks, split_tasks
from covet.instructions.overlap import Overlap
from covet.instructions.schemas import Schema, Task
from covet.prompt.solutions import parse_solution
from covet.records import Completion, Segment
from covet.rollout.answers import SolutionRow
from covet.runlog import append_jsonl, encode, write_whole

REPORT = "report.json"


def run(
    *,
    source: str,
    schema: str,
    out: Path,
    split: str,
    name: str,
    against: Path | None,
    limit: int,
    no_reference: bool,
    no_run: bool,
    check: bool,
    force: bool,
    config: Path | None,
    overrides: tuple[str, ...],
    as_json: bool,
) -> None:
    settings = load(config, overrides)
    if not check and (out / REPORT).exists() and not force:
        raise UsageError(f"{out}: a dataset is already there; add --force, or name another --out")
    rows = read_rows(source, split=split, name=name)
    report = Report()
    tasks = read_tasks(islice(rows, limit or None), cast("Schema", schema), report)
    bare = no_reference or schema in ("utrl", "livecodebench")
    others = [one.instruction for one in read_examples(against)] if against else None
    kept = _lint(tasks, settings, report, others=others, bare=bare, no_run=no_run)
    is_written = bool(kept) and not check
    if is_written:
        _write(out, kept, settings, report)
    told = asdict(report) | {"tasks": len(kept), "out": str(out) if is_written else None}
    if as_json:
        emit({name: value for name, value in told.items() if name != "refused"})
    else:
        _show(report, len(kept), out if is_written else None)
    if check and report.out:
        raise FoundWanting(f"{source}: {sum(report.out.values())} of {report.rows} rows are out")
    if not kept:
        raise FoundWanting(f"{source}: no row passes every filter")


def _lint(
    tasks: list[Task],
    settings: Config,
    report: Report,
    *,
    others: list[str] | None,
    bare: bool,
    no_run: bool,
) -> list[Task]:
    chosen = settings.instructions
    reporter = Reporter()
    with ExitStack() as stack:
        graders: tuple[ProgramGrader, ProgramGrader] | None = None
        if not no_run:
            first, second = (stack.enter_context(open_programs(settings)) for _ in range(2))
            graders = first, second
        stage = stack.enter_context(reporter.stage("check", len(tasks)))
        return lint(
            tasks,
            chosen,
            report,
            graders=graders,
            others=Overlap(others, n=chosen.ngram) if others is not None else None,
            needs_reference=not bare,
            tell=lambda done, total: stage.update(done, total=total),
        )


def _write(out: Path, tasks: list[Task], settings: Config, report: Report) -> None:
    chosen = settings.instructions
    examples = [task.example for task in tasks]
    if any(one.split != "train" for one in examples) and not chosen.heldout:
        placed = examples  # the source has sides of its own
    else:
        placed = split_tasks(examples, heldout=chosen.heldout, seed=chosen.seed)
    write_examples(out, placed)
    for path in out.glob("solutions-*.jsonl"):
        path.unlink()
    for task in tasks:
        _write_sampled(out, task)
    write_whole(out / REPORT, encode(asdict(report)) + b"\n")


def _write_sampled(out: Path, task: Task) -> None:
    """Answers of models that came with a row, as `covet generate solutions` would write them."""
    for writer, answers in (task.sampled or {}).items():
        for number, text in enumerate(answers):
            completion = Completion((Segment("policy", text),), "stop", writer, 0)
            solution, problem = parse_solution(completion, task.example)
            row = SolutionRow(
                task.example.id,
                number,
                solution.text,
                "python",
                writer,
                0,
                text,
                "stop",
                0,
                problem,
            )
            append_jsonl(out / f"solutions-{writer}.jsonl", row)


def _show(report: Report, kept: int, out: Path | None) -> None:
    click.echo(f"{report.rows:8} rows")
    for name, count in report.left.items():
        if name == "read":
            for why in ("malformed row", "no instruction", "no such function"):
                if lost := report.out.get(why):
                    detail = f" ({report.details[why]})" if why in report.details else ""
                    click.echo(f"{'':8}   {lost} out: {why}{detail}")
            click.echo(f"{count:8} read")
        else:
            click.echo(f"{count:8} after {report.out.get(name, 0)} out: {name}")
    dropped = f", {report.invalid_inputs} dropped for their inputs" if report.invalid_inputs else ""
    click.echo(f"{report.cases:8} cases, {report.shown} of them shown in the instruction{dropped}")
    click.echo(f"{kept} tasks" + (f": {out}" if out else ""))

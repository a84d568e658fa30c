"""``covet score``: grade a file of recorded test files, a line each, and sum up.

Writes ``executions.jsonl`` in the input's order as it goes, and ``summary.json`` at the end. With
``--resume`` the lines that an interrupted call wrote are kept, if they are of the same input.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import msgspec

from covet.cli.outcome import emit
from covet.cli.progress import Reporter
from covet.cli.settings import load_settings
from covet.config import Config
from covet.errors import UsageError
from covet.evaluate.metrics import Bootstrap
from covet.evaluate.score import (
    RecordedCandidate,
    Segments,
    as_candidate,
    graded_line,
    read_candidates,
    summarise,
    with_baseline,
)
from covet.execute.grader import Grader, open_grader
from covet.mine.baseline import measure
from covet.mine.functions import locate, read_files, suite_paths
from covet.records import Coverage, FunctionExample
from covet.runlog import append_jsonl, encode, hold, read_jsonl, write_whole

ENOUGH = 10
FEW = ", too few for the range to mean much"
CHUNK = 64
"""Candidates between two writings; what an interruption can lose."""


def run(
    *,
    codebase: Path,
    candidates: Path,
    out: Path,
    resume: bool,
    no_mutants: bool,
    config: Path | None,
    overrides: tuple[str, ...],
    as_json: bool,
) -> None:
    mutants = ("execute.mutants=0",) if no_mutants else ()
    settings = load_settings(codebase, config, (*overrides, *mutants))
    rows = read_candidates(candidates)
    root, within = locate(codebase)
    with open_grader(root, settings) as grader:
        segments = Segments(root, grader.language, grader.layout.module_name)
        examples = [segments.example(row, number=number) for number, row in enumerate(rows)]
        output = Output.open(out, identity(codebase, candidates, settings), resume=resume)
        with hold(out):
            try:
                grade(examples, rows, grader, settings, output, within=within)
            except KeyboardInterrupt as interrupt:
                hint = "the same command with --resume continues it"
                raise KeyboardInterrupt(hint) from interrupt
    summary = summarise(
        output.lines(), bootstrap=Bootstrap(settings.evaluate.bootstrap, settings.evaluate.seed)
    )
    output.write_summary(summary)
    if as_json:
        emit(summary | {"executions": str(output.executions)})
    else:
        _show(summary, output)


def identity(codebase: Path, candidates: Path, settings: Config) -> dict[str, Any]:
    """What must be the same for lines of an earlier call to be kept."""
    return {
        "codebase": str(codebase.resolve()),
        "candidates": hashlib.sha256(candidates.read_bytes()).hexdigest(),
        "execute": settings.execute.model_dump(),
        "sandbox": settings.sandbox.model_dump(exclude={"workers"}),
    }


@dataclass(frozen=True, slots=True)
class Output:
    """The folder that a grading writes."""

    folder: Path

    @classmethod
    def open(cls, folder: Path, identity: dict[str, Any], *, resume: bool) -> "Output":
        """``UsageError`` where the folder holds a grading and it is not to be continued, or is
        of something else.
        """
        output = cls(folder)
        wanted = encode(identity)
        if not output.manifest.exists():
            write_whole(output.manifest, wanted + b"\n")
        elif not resume:
            raise UsageError(f"{folder}: holds a grading; add --resume, or name another --out")
        elif output.manifest.read_bytes().strip() != wanted:
            raise UsageError(
                f"{folder}: holds a grading of another codebase, candidate file or settings; "
                "name another --out"
            )
        return output

    @property
    def manifest(self) -> Path:
        return self.folder / "manifest.json"

    @property
    def executions(self) -> Path:
        return self.folder / "executions.jsonl"

    def lines(self) -> list[dict[str, Any]]:
        return list(read_jsonl(self.executions, dict)) if self.executions.exists() else []

    def append(self, line: dict[str, Any]) -> None:
        append_jsonl(self.executions, line)

    def write_summary(self, summary: dict[str, Any]) -> None:
        data = msgspec.json.format(encode(summary), indent=2)
        write_whole(self.folder / "summary.json", data + b"\n")


def grade(
    examples: Sequence[FunctionExample],
    rows: Sequence[RecordedCandidate],
    grader: Grader,
    config: Config,
    output: Output,
    *,
    within: str,
) -> None:
    """Grade what is not yet graded, chunk by chunk, each written when it is done."""
    reporter = Reporter()
    done = len(output.lines())
    with reporter.stage("baseline"):
        baseline = existing_coverage(grader, config, within=within, say=reporter.say)
    jobs = [
        (with_baseline(example, baseline), as_candidate(row))
        for example, row in zip(examples, rows, strict=True)
    ]
    with reporter.stage("grade", len(jobs)) as stage:
        for start in range(done, len(jobs), CHUNK):
            chunk = jobs[start : start + CHUNK]
            executions = grader.grade(chunk, wants_mutants=config.execute.mutants > 0)
            for number, ((example, _), execution) in enumerate(
                zip(chunk, executions, strict=True), start
            ):
                output.append(graded_line(number, example, execution))
            stage.update(start + len(chunk))


def existing_coverage(
    grader: Grader, config: Config, *, within: str, say: Callable[[str], None]
) -> Mapping[str, Coverage]:
    """By file, what importing the modules and running the existing suite cover."""
    files = read_files(grader.layout, config.codebase, language=grader.language, within=within)
    tests = suite_paths(config.codebase, within=within)
    found = measure(grader, files, test_paths=tests, on_progress=say)
    if found.suite.problem:
        say(f"warning: the existing suite cannot be run: {found.suite.problem}")
    return found.covered


def _show(summary: dict[str, Any], output: Output) -> None:
    statuses = summary["statuses"]
    for status, count in sorted(statuses.items(), key=lambda item: -item[1]):
        click.echo(f"{count:6}  {status}")
    for name in ("coverage_increase_rate", "mutation_score"):
        estimate = summary[name]
        told = (
            f"{estimate.value:.1%}  [{estimate.low:.1%}, {estimate.high:.1%}]  "
            f"(segments: {estimate.n}{FEW if estimate.n < ENOUGH else ''})"
            if estimate
            else "nothing to measure it on"
        )
        click.echo(f"{name}: {told}")
    click.echo(f"each candidate: {output.executions}")

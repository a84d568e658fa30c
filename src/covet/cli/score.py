"""``covet score``: grade a file of recorded test files, a line each, and sum up.

Writes ``executions.jsonl`` in the input's order as it goes, and ``rewards.jsonl`` and
``summary.json`` at the end, as what a candidate earns depends on its siblings. With ``--resume``
the lines that an interrupted call wrote are kept, if they are of the same input.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

import click
import msgspec

from covet.cli.explain import as_row, in_words
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
from covet.records import Candidate, Coverage, Execution, FunctionExample
from covet.reward import Attempt, Explained, explained
from covet.rollout import Journal
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
    explain: tuple[int, ...],
    config: Path | None,
    overrides: tuple[str, ...],
    as_json: bool,
) -> None:
    mutants = ("execute.mutants=0",) if no_mutants else ()
    settings = load_settings(codebase, config, (*overrides, *mutants))
    rows = read_candidates(candidates)
    wrong = [number for number in explain if not 0 <= number < len(rows)]
    if wrong:
        raise UsageError(
            f"--explain {wrong[0]}: {candidates} has {len(rows)} candidates, numbered from 0"
        )
    root, within = locate(codebase)
    with open_grader(root, settings) as grader:
        segments = Segments(root, grader.language, grader.layout.module_name)
        examples = [segments.example(row, number=number) for number, row in enumerate(rows)]
        output = Output.open(out, identity(codebase, candidates, settings), resume=resume)
        with hold(out):
            try:
                graded = grade(examples, rows, grader, settings, output, within=within)
            except KeyboardInterrupt as interrupt:
                hint = "the same command with --resume continues it"
                raise KeyboardInterrupt(hint) from interrupt
        told = _rewarded(graded, grader, settings, output)
        words = list(_explained(explain, graded, told, grader, settings))
    summary = summarise(
        output.lines(), bootstrap=Bootstrap(settings.evaluate.bootstrap, settings.evaluate.seed)
    )
    summary |= _earned(told, graded)
    output.write_summary(summary)
    if as_json:
        rows_told = [as_row(number, told[number]) for number in explain]
        emit(summary | {"executions": str(output.executions), "explained": rows_told})
        return
    click.echo("\n".join(words), nl=bool(words))
    _show(summary, output)


@dataclass(frozen=True, slots=True)
class Graded:
    """A candidate for a segment with its baseline, and what running it showed."""

    example: FunctionExample
    candidate: Candidate
    execution: Execution


def _rewarded(
    graded: Sequence[Graded], grader: Grader, settings: Config, output: "Output"
) -> list[Explained]:
    told = explained(
        [(one.example, Attempt(one.candidate, one.execution)) for one in graded],
        language=grader.language,
        settings=settings.reward,
    )
    lines = b"".join(encode(as_row(number, one)) + b"\n" for number, one in enumerate(told))
    write_whole(output.folder / "rewards.jsonl", lines)
    return told


def _explained(
    numbers: Sequence[int],
    graded: Sequence[Graded],
    told: Sequence[Explained],
    grader: Grader,
    settings: Config,
) -> Iterator[str]:
    for number in numbers:
        one = graded[number]
        mutants = grader.language.mutants(
            one.example.source_file, one.example.function.span, limit=settings.execute.mutants
        )
        yield from in_words(
            number,
            one.example,
            one.execution,
            told[number],
            settings=settings.reward,
            mutants={mutant.id: mutant for mutant in mutants},
        )
        yield ""


def _earned(told: Sequence[Explained], graded: Sequence[Graded]) -> dict[str, Any]:
    """For the summary: the mean reward, and how many each guard refuses."""
    pairs = zip(told, graded, strict=True)
    known = [one for one, of in pairs if of.execution.status != "infrastructure"]
    refused = Counter(reason.partition(":")[0] for one in known for reason in one.reward.refused)
    mean = fmean(one.reward.value for one in known) if known else None
    return {"reward": mean, "refused": dict(refused)}


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
) -> list[Graded]:
    """Grade what is not yet graded, chunk by chunk, each written when it is done."""
    reporter = Reporter()
    done = len(output.lines())
    with reporter.stage("baseline"):
        baseline = existing_coverage(grader, config, within=within, say=reporter.say)
    jobs = [
        (with_baseline(example, baseline), as_candidate(row))
        for example, row in zip(examples, rows, strict=True)
    ]
    journal = Journal(output.folder, grader)
    wants_mutants = config.execute.mutants > 0
    with reporter.stage("grade", len(jobs)) as stage:
        for start in range(done, len(jobs), CHUNK):
            chunk = jobs[start : start + CHUNK]
            executions = grader.grade(chunk, on_done=journal, wants_mutants=wants_mutants)
            for number, ((example, _), execution) in enumerate(
                zip(chunk, executions, strict=True), start
            ):
                output.append(graded_line(number, example, execution))
            stage.update(start + len(chunk))
    found = grader.grade(jobs, wants_mutants=wants_mutants)  # remembered, or in the journal
    return [Graded(*job, execution) for job, execution in zip(jobs, found, strict=True)]


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
    if summary["reward"] is not None:
        told = ", ".join(f"{name} {count}" for name, count in sorted(summary["refused"].items()))
        click.echo(f"reward: {summary['reward']:.3f} on average; refused: {told or 'none'}")
    click.echo(f"each candidate: {output.executions}")

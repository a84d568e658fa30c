"""``covet eval scorecard``: any policies on the same tasks, side by side.

The rows of each policy, a line for each task, and everything that led to them (the tasks, grades,
Pynguin's searches) are kept in the run directory as they come, so that ``--resume`` runs what is
missing alone, also of policies that are new. The result is made of the rows that are there, each
time anew.
"""

import hashlib
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from covet.cli.outcome import again, emit
from covet.cli.progress import Reporter
from covet.cli.score import existing_coverage
from covet.cli.settings import load_settings
from covet.config import Config, as_toml, load
from covet.errors import CovetError, DataError, FoundWanting, UsageError
from covet.evaluate import board, pynguin, tables
from covet.evaluate.board import Board, Told, make_board
from covet.evaluate.budget import Budget
from covet.evaluate.entrants import Entrant, read_entrants
from covet.evaluate.recorded import FileRoller, Held, read_held
from covet.evaluate.reports import CoverageReport, read_report, with_report
from covet.evaluate.rows import read_rows
from covet.evaluate.score import Segments, read_candidates, with_baseline
from covet.evaluate.scorecard import CHUNK, SPLITS, Terms, chosen, evaluate
from covet.evaluate.seen import seen_by
from covet.execute.grader import Grader, open_grader
from covet.languages.python import PYTHON
from covet.mine import locate, read
from covet.policy.base import NEW_TOKENS, PROMPT_TOKENS, Policy
from covet.policy.recorded import RecordedPolicy
from covet.prompt import load_template
from covet.records import FunctionExample, Split
from covet.rollout import Journal, Roller
from covet.runlog import RunLog, decode, encode, read_jsonl, write_whole

VERB = "eval scorecard"
UNBOUNDED = 1 << 30
"""Tokens of a prompt that nobody reads."""
_CHARACTERS = 4
"""Of a token of source code, about."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where tasks come from: a dataset, or the segments that a file of candidates names."""

    name: str
    root: Path
    within: str
    dataset: Path | None = None
    candidates: Path | None = None

    @property
    def identity(self) -> dict[str, str]:
        """Equal where the tasks are."""
        if self.candidates is not None:
            files = [self.candidates]
        else:
            assert self.dataset is not None
            files = [self.dataset / f"{split}.jsonl" for split in SPLITS]
        data = b"".join(path.read_bytes() for path in files if path.exists())
        return {"codebase": str(self.root), "rows": hashlib.sha256(data).hexdigest()}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command line says."""

    sources: tuple[Source, ...]
    entrants: tuple[Entrant, ...]
    against: str
    report: CoverageReport | None
    report_digest: str
    budget: Budget
    pynguin_python: Path | None
    make_pynguin: bool


def run(
    *,
    tasks: tuple[Path, ...],
    segments: tuple[tuple[Path, Path], ...],
    policies: tuple[str, ...],
    rows: Path | None,
    against: str | None,
    baseline: Path | None,
    samples: int | None,
    budget_tokens: int,
    budget_cost: float,
    pynguin_python: Path | None,
    make_pynguin: bool,
    out: Path,
    resume: bool,
    dry_run: bool,
    config: Path | None,
    overrides: tuple[str, ...],
    as_json: bool,
) -> None:
    sources = _sources(tasks, segments)
    given = (*overrides, *((f"evaluate.samples={samples}",) if samples else ()))
    if resume and (given or config):
        raise UsageError("--resume keeps the settings of the run; leave --set and --config away")
    settings = load(out / "covet.toml") if resume else load_settings(_home(sources), config, given)
    entrants = read_entrants(policies, rows, settings)
    base = against or entrants[0].name
    if base not in {one.name for one in entrants}:
        raise UsageError(f"--against {base}: no policy of that name is on the scorecard")
    asked = Asked(
        sources,
        entrants,
        base,
        read_report(baseline) if baseline else None,
        hashlib.sha256(baseline.read_bytes()).hexdigest() if baseline else "",
        Budget(budget_tokens, budget_cost),
        pynguin_python,
        make_pynguin,
    )
    if dry_run:
        _plan(asked, settings, out, as_json=as_json)
        return
    with _run_directory(asked, settings, out, resume=resume) as log:
        card = _Card(asked, settings, log.root, Reporter())
        made = card.filled()
        paths = _write(made, log)
    if as_json:
        emit(board.as_json(made) | {"files": {name: str(path) for name, path in paths.items()}})
    else:
        _show(made, paths)
    if not made.is_whole:
        if not as_json:
            click.echo("covet: the scorecard is not whole, or leaks: see above", err=True)
        sys.exit(FoundWanting.exit_code)


def _home(sources: Sequence[Source]) -> Path:
    return sources[0].root / sources[0].within


def _sources(tasks: Sequence[Path], segments: Sequence[tuple[Path, Path]]) -> tuple[Source, ...]:
    found: list[Source] = []
    for folder in tasks:
        dataset = read(folder)
        root = Path(dataset.report.codebase)
        if not root.is_dir():
            raise DataError(f"{folder}: its codebase, {root}, is not there; mine it where it is")
        if not any(task.split in SPLITS for task in dataset.examples):
            raise DataError(
                f"{folder}: no held-out task in it. To try models on all of the codebase, and train"
                " none on it, mine it anew with --set mine.heldout=1"
            )
        found.append(Source(folder.name, root, "", dataset=folder.resolve()))
    for codebase, file in segments:
        root, within = locate(codebase)
        found.append(Source(within or root.name, root, within, candidates=file.resolve()))
    if not found:
        raise UsageError(
            "no tasks: name a folder that `covet mine` wrote, or --segments CODEBASE FILE"
        )
    return tuple(found)


@contextmanager
def _run_directory(asked: Asked, settings: Config, out: Path, *, resume: bool) -> Iterator[RunLog]:
    """``UsageError`` where what is to be continued is of other tasks, or a policy another."""
    identity = [
        source.identity | ({"baseline": asked.report_digest} if asked.report_digest else {})
        for source in asked.sources
    ]
    datasets = [str(source.dataset) for source in asked.sources if source.dataset]
    log = (
        RunLog.reopen(out)
        if resume
        else RunLog.create(
            out,
            as_toml(settings),
            extra={"verb": VERB, "sources": identity}
            | ({"tasks": datasets[0]} if datasets else {}),
        )
    )
    try:
        known = log.manifest
        if known.get("verb") != VERB or known.get("sources") != identity:
            raise UsageError(
                f"{out}: holds a run of covet {known.get('verb')} on other tasks or another"
                " baseline, or these have changed; name another --out"
            )
        _check_policies(asked, out)
        yield log
    except KeyboardInterrupt as interrupt:
        onward = again("eval", "scorecard", "--resume", "--out", out)
        raise KeyboardInterrupt(
            f"to continue, with the same tasks and policies: {onward}"
        ) from interrupt
    finally:
        log.close()


def _check_policies(asked: Asked, out: Path) -> None:
    """A name stands for one policy in a run."""
    path = out / "policies.json"
    known: dict[str, str] = {}
    if path.exists():
        known = decode(path.read_bytes(), dict[str, str])
    for entrant in asked.entrants:
        told = hashlib.sha256(encode(entrant.identity)).hexdigest()
        if known.setdefault(entrant.name, told) != told:
            raise UsageError(
                f"{out}: {entrant.name} was another policy there, or has changed; give this one"
                " another name, or start with another --out"
            )
    write_whole(path, encode(known) + b"\n")


# ------------------------------------------------------------------------------------ running


@dataclass(slots=True)
class _Card:
    """One scorecard while it is filled."""

    asked: Asked
    settings: Config
    run: Path
    reporter: Reporter
    told: dict[str, str] = field(default_factory=dict)
    """By policy, why it is not tried further."""
    notes: list[str] = field(default_factory=list)

    def filled(self) -> Board:
        tasks: list[FunctionExample] = []
        for entrant in self.asked.entrants:
            for row in read_rows(self.run, entrant.name).values():
                self.asked.budget.count(row)
        for place, source in enumerate(self.asked.sources):
            tasks += self._of_source(place, source, {task.id for task in tasks})
        return self._board(tasks)

    def _board(self, tasks: Sequence[FunctionExample]) -> Board:
        near = self.settings.mine.near
        told = {
            one.name: Told(
                one.what,
                self.told.get(one.name, ""),
                seen_by(one.settings.policy.model, tasks, language=PYTHON, near=near),
            )
            if one.kind == "model"
            else Told(one.what, self.told.get(one.name, ""))
            for one in self.asked.entrants
        }
        counts: dict[Split, int] = {
            split: count
            for split in SPLITS
            if (count := sum(task.split == split for task in tasks))
        }
        return make_board(
            self.run,
            told,
            against=self.asked.against,
            tasks=counts,
            settings=self.settings.evaluate,
            notes=self.notes,
        )

    def _of_source(self, place: int, source: Source, others: set[str]) -> Sequence[FunctionExample]:
        own = load_settings(source.root / source.within, None, ()).codebase
        settings = self.settings.model_copy(
            update={"codebase": self.settings.codebase if place == 0 else own}
        )
        with open_grader(source.root, settings) as grader:
            tasks = chosen(self._tasks(place, source, grader, settings), settings.evaluate)
            if not tasks:
                raise DataError(f"{source.name}: no task in it")
            twice = next((task.id for task in tasks if task.id in others), None)
            if twice:
                raise UsageError(f"{source.name}: {twice} is also a task of another of the sources")
            journal = Journal(self.run, grader)
            for entrant in self.asked.entrants:
                self._try(entrant, source, tasks, grader, settings, journal)
        return tasks

    def _tasks(
        self, place: int, source: Source, grader: Grader, settings: Config
    ) -> Sequence[FunctionExample]:
        """With baselines; segments' are kept, as finding them takes a run of the suite."""
        if source.dataset is not None:
            tasks: Sequence[FunctionExample] = read(source.dataset).examples
        else:
            assert source.candidates is not None
            path = self.run / f"segments-{place}.jsonl"
            if not path.exists():
                made = self._segments(source, source.candidates, grader, settings)
                write_whole(path, b"".join(encode(task) + b"\n" for task in made))
            tasks = list(read_jsonl(path, FunctionExample))
        if self.asked.report is None:
            return tasks
        replaced, absent = with_report(tasks, self.asked.report, source.root)
        if absent:
            self._note(
                f"{len(absent)} files are not in the coverage report, and keep what was measured:"
                f" {', '.join(absent[:5])}"
            )
        return replaced

    def _segments(
        self, source: Source, file: Path, grader: Grader, settings: Config
    ) -> list[FunctionExample]:
        segments = Segments(source.root, grader.language, grader.layout.module_name)
        rows = read_candidates(file)
        found = {
            task.id: task
            for task in (segments.example(row, number=at) for at, row in enumerate(rows))
        }
        if self.asked.report is not None:
            return list(found.values())
        with self.reporter.stage(f"{source.name}: baseline"):
            covered = existing_coverage(
                grader, settings, within=source.within, say=self.reporter.say
            )
        return [with_baseline(task, covered) for task in found.values()]

    def _try(
        self,
        entrant: Entrant,
        source: Source,
        tasks: Sequence[FunctionExample],
        grader: Grader,
        settings: Config,
        journal: Journal,
    ) -> None:
        """Whatever one policy lacks, the others are tried."""
        there = read_rows(self.run, entrant.name)
        if entrant.name in self.told or all(task.id in there for task in tasks):
            return
        own = settings.model_copy(
            update={"policy": entrant.settings.policy, "prompt": entrant.settings.prompt}
        )
        try:
            held = self._held(entrant, source, tasks, grader)
            with (
                self._policy(entrant, source, held) as policy,
                self.reporter.stage(f"{source.name}: {entrant.name}", len(tasks)) as stage,
            ):
                roller = _roller(policy, held, grader, own, journal)
                evaluate(
                    entrant.name,
                    tasks,
                    roller=roller,
                    settings=own,
                    run=self.run,
                    on_done=lambda done, total: stage.update(done, total=total),
                    terms=self._terms(entrant, source, roller, held, own),
                )
        except CovetError as error:
            self.told[entrant.name] = str(error)
            self.reporter.say(f"warning: {entrant.name}: {error}")

    # ---------------------------------------------------------------------------- one policy

    def _terms(
        self,
        entrant: Entrant,
        source: Source,
        roller: Roller,
        held: Held | None,
        settings: Config,
    ) -> Terms:
        budget = self.asked.budget

        def may_ask(asked: Sequence[tuple[FunctionExample, int]]) -> bool:
            if held is not None or budget.allows(asked, roller, settings):
                return True
            self.told[entrant.name] = budget.words
            return False

        together = CHUNK
        if entrant.kind == "endpoint":  # what is in flight, and can be lost, is little
            together = max(1, settings.policy.concurrency // settings.evaluate.samples)
        return Terms(
            held=held.counts if held is not None else None,
            written_s=held.seconds if held is not None else None,
            mends=entrant.kind != "pynguin",
            together=together,
            whole=entrant.kind == "model" and not (budget.tokens or budget.cost),
            may_ask=may_ask,
            on_row=budget.count,
            knows_branches=self.asked.report is None,
            knows_tests=source.dataset is not None,
            grades_existing=source.dataset is not None,
        )

    def _held(
        self,
        entrant: Entrant,
        source: Source,
        tasks: Sequence[FunctionExample],
        grader: Grader,
    ) -> Held | None:
        """None: the policy is asked."""
        if entrant.kind == "recorded":
            return read_held(entrant.candidates, entrant.where, tasks)
        if entrant.kind != "pynguin":
            return None
        python = pynguin.ready(
            self.asked.pynguin_python, make=self.asked.make_pynguin, say=self.reporter.say
        )
        with self.reporter.stage(f"{source.name}: {entrant.name} searches") as stage:
            held, searches = pynguin.search(
                entrant.name,
                tasks,
                python=python,
                layout=grader.layout,
                within=source.within,
                seconds=entrant.seconds,
                seeds=self.settings.evaluate.samples,
                run=self.run,
                on_done=lambda done, total: stage.update(done, total=total),
            )
        without = [one for one in searches if not one.text]
        if without:
            self._note(
                f"{entrant.name}, {source.name}: {len(without)} of {len(searches)} searches wrote"
                f" nothing, one as: {without[0].problem}"
            )
        return held

    @contextmanager
    def _policy(self, entrant: Entrant, source: Source, held: Held | None) -> Iterator[Policy]:
        """Only for as long as it is asked: two models may not fit beside each other."""
        if held is not None:
            yield RecordedPolicy(held.texts, name=entrant.name, prompt_tokens=UNBOUNDED)
            return
        if source.dataset is None:
            raise UsageError(
                f"{entrant.name} is to be asked, and segments of files are no tasks to ask about;"
                f" mine {source.name} and name the folder"
            )
        from covet.policy.opening import open_policy

        log = self.run / f"vllm-{entrant.name}.log"
        policy = open_policy(entrant.settings.policy, log=log, say=self.reporter.say)
        try:
            yield policy
        finally:
            if (close := getattr(policy, "close", None)) is not None:
                close()

    def _note(self, text: str) -> None:
        self.notes.append(text)
        self.reporter.say(text)


def _roller(
    policy: Policy, held: Held | None, grader: Grader, settings: Config, journal: Journal
) -> Roller:
    kind = FileRoller if held is not None and held.are_files else Roller
    budget = settings.prompt.tokens or policy.prompt_tokens
    return kind(
        policy=policy,
        grader=grader,
        language=grader.language,
        template=load_template(settings.prompt.template or policy.template or "default"),
        weights=settings.reward,
        budget=budget if held is None else UNBOUNDED,
        on_graded=journal,
    )


# ------------------------------------------------------------------------------------ telling


def _write(made: Board, log: RunLog) -> Mapping[str, Path]:
    """All forms of the result, in the run's directory."""
    csv, markdown = log.root / "scorecard.csv", log.root / "scorecard.md"
    write_whole(csv, board.as_csv(made).encode())
    write_whole(markdown, tables.as_markdown(made).encode())
    return {
        "json": log.write("scorecard.json", board.as_json(made)),
        "csv": csv,
        "markdown": markdown,
    }


def _show(made: Board, paths: Mapping[str, Path]) -> None:
    console = Console()
    for sheet in tables.sheets(made):
        console.print(tables.as_table(sheet))
    for remark in tables.remarks(made):
        click.echo(remark)
    click.echo("\n".join(f"{name}: {path}" for name, path in paths.items()))


def _plan(asked: Asked, settings: Config, out: Path, *, as_json: bool) -> None:
    """What ``--dry-run`` prints: what would be run, and at most how many tokens and how much money
    it takes; prompts are estimated by their tasks' files.
    """
    plans: list[dict[str, Any]] = []
    for entrant in asked.entrants:
        there = read_rows(out, entrant.name)
        missing = [task for task in _known_tasks(asked, settings) if task.id not in there]
        plan: dict[str, Any] = {"policy": entrant.name, "what": entrant.what}
        plan |= {"tasks": len(missing), "kind": entrant.kind}
        if entrant.kind in ("model", "endpoint"):
            policy, samples = entrant.settings.policy, settings.evaluate.samples
            budget = entrant.settings.prompt.tokens or PROMPT_TOKENS
            read = sum(
                samples * min(budget, len(task.source_file + task.test_file) // _CHARACTERS)
                for task in missing
            )
            written = samples * len(missing) * (policy.max_new_tokens or NEW_TOKENS)
            cost = (read * policy.price_in + written * policy.price_out) / 1e6
            plan |= {"samples": samples * len(missing), "tokens": read + written, "cost": cost}
        if entrant.kind == "pynguin":
            plan["search_s"] = entrant.seconds * settings.evaluate.samples * len(missing)
        plans.append(plan)
    if as_json:
        emit({"config": settings.model_dump(), "plan": plans})
        return
    click.echo(as_toml(settings))
    for plan in plans:
        told = f"{plan['policy']} ({plan['what']}): {plan['tasks']} tasks to do"
        if "tokens" in plan:
            told += f", {plan['samples']} samples, at most about {plan['tokens']} tokens"
            told += f", {plan['cost']:.4f} in money"
        if "search_s" in plan:
            told += f", {plan['search_s']:.0f} s of search"
        click.echo(told)


def _known_tasks(asked: Asked, settings: Config) -> list[FunctionExample]:
    """Without baselines, which an estimate does not need."""
    found: list[FunctionExample] = []
    for source in asked.sources:
        if source.dataset is not None:
            found += chosen(read(source.dataset).examples, settings.evaluate)
        else:
            assert source.candidates is not None
            segments = Segments(source.root, PYTHON, lambda path: path)
            rows = read_candidates(source.candidates)
            made = (segments.example(row, number=at) for at, row in enumerate(rows))
            found += chosen(list({task.id: task for task in made}.values()), settings.evaluate)
    return found

"""``covet warmup``: a model learns from the tests that people wrote, before it learns from rewards.

references → traces → demonstrations → fine-tuning, in a run directory that resume continues. Each
stage leaves its result there and is passed over where that result is already there.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from covet.cli.outcome import emit
from covet.cli.progress import Reporter
from covet.cli.rundir import run_directory
from covet.cli.settings import load_settings
from covet.cli.train import keep_model
from covet.config import Config, Warmup, as_toml, load
from covet.errors import DataError, UsageError
from covet.languages.python import PYTHON
from covet.mine import read
from covet.mine.references import FILE, read_references
from covet.policy.opening import open_policy
from covet.prompt import load_template
from covet.records import Demonstration
from covet.runlog import RunLog, decode, encode, read_jsonl, write_whole
from covet.warmup.demonstrations import Demonstrator
from covet.warmup.estimate import estimate
from covet.warmup.journal import Journal, cache_folder
from covet.warmup.request import Request, Task, some_of, tasks_of
from covet.warmup.traces import Traces, teacher_settings, write_traces

if TYPE_CHECKING:
    from covet.policy.hf import HFPolicy
    from covet.train.sft import Encoded, SftEpoch, SftStep

DEMONSTRATIONS = "demonstrations.jsonl"
TRACES = "traces.json"


def run(
    *,
    tasks: Path,
    model: str | None,
    out: Path,
    resume: bool,
    dry_run: bool,
    config: Path | None,
    overrides: tuple[str, ...],
    as_json: bool,
) -> None:
    given = (*overrides, *((f"policy.model={model}",) if model else ()))
    data = Data.read(tasks)
    if dry_run:
        _plan(data, load_settings(data.codebase, config, given), as_json=as_json)
        return
    directory = run_directory(
        "warmup",
        tasks,
        out,
        files=("train.jsonl", "heldout.jsonl", FILE),
        resume=resume,
        is_set=bool(given or config),
        settings=lambda: _local(load_settings(data.codebase, config, given)),
    )
    with directory as log:
        result = _warm_up(data, load(log.root / "covet.toml"), log)
    if as_json:
        emit(result)
    else:
        _show(result)


def _local(config: Config) -> Config:
    """``UsageError`` where the model to tune is not here."""
    if config.policy.endpoint and config.policy.server == "plain":
        raise UsageError(
            f"policy.endpoint is {config.policy.endpoint}: what is behind it cannot be tuned from "
            "here; set policy.endpoint= and policy.model to a folder or Hugging Face name (the "
            "teacher's endpoint is warmup.endpoint)"
        )
    return config


# ------------------------------------------------------------------------------- the data


@dataclass(frozen=True, slots=True)
class Data:
    """What a dataset has to learn from."""

    codebase: Path
    train: tuple[Task, ...]
    heldout: tuple[Task, ...]

    @classmethod
    def read(cls, folder: Path) -> "Data":
        dataset, references = read(folder), read_references(folder)
        train = tasks_of(dataset.examples, references, split="train")
        if not train:
            others = len(references)
            raise DataError(
                f"{folder}: {len(dataset.examples)} tasks, and no training task has a reference"
                f" (others have {others}): nothing is there to learn from. References come from"
                " removing existing tests; mine again with mine.variants of at least 1, a codebase"
                " whose functions have tests"
            )
        return cls(
            Path(dataset.report.codebase),
            tuple(train),
            tuple(tasks_of(dataset.examples, references, split="heldout")),
        )

    def sides(self, settings: Warmup) -> tuple[list[Task], list[Task]]:
        """What is learned from, and what the loss is told of."""
        return list(self.train), some_of(self.heldout, most=settings.heldout, seed=settings.seed)


# ---------------------------------------------------------------------------- the warm-up


def _warm_up(data: Data, config: Config, log: RunLog) -> dict[str, Any]:
    """The run's result; its stages, each passed over where its result is there."""
    from covet.policy.hf import HFPolicy
    from covet.train import sft

    reporter = Reporter()
    reporter.say(f"run: {log.root}")
    policy = HFPolicy(config.policy, seed=config.warmup.seed)
    if not (log.root / DEMONSTRATIONS).exists():
        _collect(data, config, log, policy, reporter)
    shown = list(read_jsonl(log.root / DEMONSTRATIONS, Demonstration))
    traces = decode((log.root / TRACES).read_bytes(), dict[str, Any])
    train = sft.encode(policy, [one for one in shown if one.split == "train"])
    heldout = sft.encode(policy, [one for one in shown if one.split == "heldout"])
    left_out = Counter(traces["left_out"])
    left_out.update(train.left_out.values())
    left_out.update(heldout.left_out.values())
    _check_some(train, left_out, policy)
    losses = _tune(policy, train, heldout, config, log, reporter)
    result = {
        "run": str(log.root),
        "model": str(keep_model(policy, log)) if config.warmup.epochs else None,
        "teacher": traces["teacher"],
        "demonstrations": {"train": len(train.samples), "heldout": len(heldout.samples)},
        "left_out": dict(left_out.most_common()),
        "traces": traces["traces"],
        "heldout_loss": losses,
    }
    log.write("warmup.json", result)
    return result


def _collect(
    data: Data, config: Config, log: RunLog, policy: "HFPolicy", reporter: Reporter
) -> None:
    """Write the run's demonstrations, the teacher's traces in them where there is a teacher."""
    from covet.train import sft

    sides = data.sides(config.warmup)
    tasks = [task for side in sides for task in side]
    demonstrator = Demonstrator(
        template=load_template(config.prompt.template or policy.template or "default"),
        language=PYTHON,
        budget=config.prompt.tokens or policy.prompt_tokens,
        count=policy.count_tokens,
    )
    with reporter.stage("prompts"):
        shown = demonstrator.show(tasks, traces={})
        # What does not fit even without a trace needs none.
        left_out = shown.left_out | sft.encode(policy, shown.demonstrations).left_out
    tasks = [task for task in tasks if task.example.id not in left_out]
    told = None
    if config.warmup.teacher:
        traces = _ask(tasks, config, log, reporter)
        left_out |= {name: f"no trace: {why}" for name, why in traces.missing.items()}
        tasks = [task for task in tasks if task.example.id in traces.texts]
        told = _told(traces, config)
        shown = demonstrator.show(tasks, traces=traces.texts)
    else:
        reporter.say("no teacher (warmup.teacher): tests are learned without reasoning")
        shown = demonstrator.show(tasks, traces={})
    left_out |= shown.left_out
    reasons = dict(Counter(left_out.values()))
    log.write(TRACES, {"teacher": config.warmup.teacher, "left_out": reasons, "traces": told})
    rows = b"".join(encode(one) + b"\n" for one in shown.demonstrations)
    write_whole(log.root / DEMONSTRATIONS, rows)


def _ask(tasks: Sequence[Task], config: Config, log: RunLog, reporter: Reporter) -> Traces:
    settings = config.warmup
    with reporter.stage("traces", len(tasks)) as stage:
        return write_traces(
            tasks,
            request=Request.load(settings, PYTHON),
            open_teacher=lambda: open_policy(teacher_settings(config)),
            journal=Journal(log.root, cache=cache_folder() if settings.cache else None),
            on_progress=stage.update,
        )


def _told(traces: Traces, config: Config) -> dict[str, Any]:
    return {
        "written": len(traces.texts),
        "missing": dict(Counter(traces.missing.values()).most_common()),
        "rejected": dict(traces.rejected.most_common()),
        **asdict(traces.spent),
        "cost": round(traces.spent.cost(config.warmup), 6),
    }


def _check_some(train: "Encoded", left_out: Counter[str], policy: "HFPolicy") -> None:
    if train.samples:
        return
    told = "; ".join(f"{count} × {reason}" for reason, count in left_out.most_common())
    raise DataError(
        f"no demonstration is left to learn from: {told}. A prompt may have prompt.tokens or the "
        f"{policy.prompt_tokens} tokens of the model's own, an answer {policy.max_new_tokens} "
        "(policy.max_new_tokens); the rules of traces are in docs/warmup.md"
    )


def _tune(
    policy: "HFPolicy",
    train: "Encoded",
    heldout: "Encoded",
    config: Config,
    log: RunLog,
    reporter: Reporter,
) -> list[float]:
    """The loss on held-out files before the first epoch and after each."""
    from covet.train import sft

    settings = config.warmup
    steps = settings.epochs * -(-len(train.samples) // settings.examples)
    if not heldout.samples:
        reporter.say("warning: no demonstration of a held-out file; the loss is told of none")
    with reporter.stage("fine-tune", steps) as stage:

        def tell(row: "SftStep | SftEpoch") -> None:
            if isinstance(row, sft.SftStep):
                stage.update(row.step + 1, f"loss {row.loss:.3f}")
            else:
                stage.say(f"held-out loss after epoch {row.after_epoch}: {row.heldout_loss:.4f}")

        sft.train(
            policy=policy,
            samples=train.samples,
            heldout=heldout.samples,
            settings=settings,
            log=log,
            on_row=tell,
        )
    by_epoch: dict[int, float] = {}
    path = log.root / "metrics.jsonl"
    for row in read_jsonl(path, dict[str, Any]) if path.exists() else ():
        if "heldout_loss" in row:
            by_epoch[row["after_epoch"]] = row["heldout_loss"]
    return [by_epoch[epoch] for epoch in sorted(by_epoch)]


# ------------------------------------------------------------------------------ the words


def _plan(data: Data, config: Config, *, as_json: bool) -> None:
    """What would be done, told without a model and without asking anybody."""
    settings = config.warmup
    train, heldout = data.sides(settings)
    steps = settings.epochs * -(-len(train) // settings.examples)
    asked = None
    if settings.teacher:
        journal = Journal(None, cache=cache_folder() if settings.cache else None)
        request = Request.load(settings, PYTHON)
        asked = estimate([*train, *heldout], request=request, journal=journal)
    plan = {
        "references": {"train": len(train), "heldout": len(heldout)},
        "teacher": settings.teacher,
        "estimate": asdict(asked) if asked else None,
        "steps": steps,
        "config": config.model_dump(),
    }
    if as_json:
        emit(plan)
        return
    click.echo(as_toml(config))
    click.echo(f"references: {len(train)} to learn from, {len(heldout)} held out")
    if asked is None:
        click.echo("no teacher (warmup.teacher): tests are learned without reasoning")
    else:
        click.echo(
            f"teacher {settings.teacher}: {asked.traces - asked.kept} requests "
            f"({asked.kept} answers are kept), {asked.requests_most} at most"
        )
        click.echo(
            f"  about {asked.tokens_in:,} tokens of requests and {asked.tokens_out:,} of answers"
        )
        if settings.price_in or settings.price_out:
            click.echo(f"  about {asked.cost:.2f} to pay, {asked.cost_most:.2f} at most")
        else:
            click.echo("  what it costs is not known: warmup.price_in and warmup.price_out are 0")
        for name in ("budget_tokens", "budget_cost"):
            if bound := getattr(settings, name):
                click.echo(f"  no more than warmup.{name} = {bound}")
    click.echo(f"fine-tuning: {steps} steps in {settings.epochs} epochs")


def _show(result: dict[str, Any]) -> None:
    counts, traces = result["demonstrations"], result["traces"]
    click.echo(f"demonstrations: {counts['train']} learned from, {counts['heldout']} held out")
    for reason, count in result["left_out"].items():
        click.echo(f"  {count:6} left out: {reason}")
    if traces:
        cost = f", cost {traces['cost']:.2f}" if traces["cost"] else ""
        click.echo(
            f"teacher {result['teacher']}: {traces['written']} traces, {traces['requests']} "
            f"requests, {traces['tokens_in'] + traces['tokens_out']:,} tokens{cost}"
        )
        for reason, count in traces["rejected"].items():
            click.echo(f"  {count:6} answers rejected: {reason}")
    else:
        click.echo("no teacher: tests were learned without reasoning")
    if losses := result["heldout_loss"]:
        told = " → ".join(f"{loss:.3f}" for loss in losses)
        click.echo(f"held-out loss, nats per token, before and after each epoch: {told}")
    if result["model"]:
        click.echo(f"model: {result['model']}")

"""``covet train``: a policy learns from graded rollouts of a dataset's training tasks."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from covet.cli.loggers import Logger, loggers, numbers
from covet.cli.outcome import emit
from covet.cli.progress import Reporter, Stage
from covet.cli.rundir import run_directory
from covet.cli.settings import load_settings
from covet.config import Config, as_toml, load
from covet.errors import ConfigError, DataError, UsageError
from covet.execute.grader import Grader, open_grader
from covet.mine import read
from covet.prompt import load_template
from covet.records import FunctionExample
from covet.rollout import Journal, Roller
from covet.runlog import RunLog

if TYPE_CHECKING:
    from covet.policy.hf import HFPolicy
    from covet.policy.vllm import VLLMPolicy
    from covet.train.report import StepReport

_CHARACTERS = 4
"""Of a token of source code, about."""


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
    dataset = read(tasks)
    codebase = Path(dataset.report.codebase)
    examples = dataset.split("train")
    if not examples:
        raise DataError(f"{tasks}: it has no training tasks; look at what `covet mine` left out")
    if not codebase.is_dir():
        raise DataError(f"{tasks}: its codebase, {codebase}, is not there; mine it where it is now")
    if dry_run:
        _plan(examples, load_settings(codebase, config, given), as_json=as_json)
        return
    from covet.train import ranks

    ranks.join()
    reporter = Reporter()
    reporter.console.quiet = ranks.number() > 0
    own = run_directory(
        "train",
        tasks,
        out,
        files=("train.jsonl",),
        resume=resume,
        is_set=bool(given or config),
        settings=partial(load_settings, codebase, config, given),
    )
    with _shared(own, out) as log:
        settings = load(ranks.of_first(log.root) / "covet.toml")
        with open_grader(codebase, settings) as grader:
            for example in examples:  # now, and not after an hour
                grader.check(example)
            result = learn(grader, examples, settings, log, reporter)
    if result is None:
        return
    if as_json:
        emit(result)
    else:
        _show(result)


@contextmanager
def _shared(own: AbstractContextManager[RunLog], out: Path) -> Iterator[RunLog]:
    """The run directory of the first process; of each other one, a folder in it."""
    from covet.train import ranks

    if ranks.number():
        with closing(RunLog.further(ranks.of_first(out), ranks.number())) as log:
            yield log
        return
    with own as log:
        ranks.of_first(out)
        yield log


def learn(
    grader: Grader,
    examples: Sequence[FunctionExample],
    config: Config,
    log: RunLog,
    reporter: Reporter,
) -> dict[str, Any] | None:
    """From where the run stands to its end: the tuned model in ``model/`` of the run directory.

    Of several processes the first tells of it.
    """
    from covet.policy.hf import HFPolicy
    from covet.train import ranks

    try:
        policy = HFPolicy(config.policy, seed=config.train.seed)
        roller = open_roller(policy, grader, config, log.root)
        with _server(config, log.root, reporter) as served:
            last = train_policy(policy, roller, examples, config, log, reporter, served=served)
        if ranks.number():
            return None
        keep_model(policy, log)
    finally:
        ranks.leave()
    told = {"run": str(log.root), "model": str(log.root / "model"), "version": policy.version}
    return told | ({"last": last.row()} if last is not None else {})


@contextmanager
def _server(config: Config, root: Path, reporter: Reporter) -> "Iterator[VLLMPolicy | None]":
    """Where the settings name one: the vLLM server that samples. Each version goes there as an
    adapter.
    """
    policy = config.policy
    if not (policy.endpoint or policy.vllm):
        yield None
        return
    from covet.policy.opening import open_policy
    from covet.policy.vllm import VLLMPolicy

    if policy.endpoint and policy.server != "vllm":
        raise ConfigError(
            f"policy.endpoint is {policy.endpoint}, and what is learned from needs tokens and their"
            " log-probabilities; set policy.server to vllm, or leave the endpoint empty to sample"
            " in this process"
        )
    if policy.adapters < config.train.lag + 2:
        raise ConfigError(
            f"policy.adapters is {policy.adapters}; with train.lag at {config.train.lag} the server"
            f" holds {config.train.lag + 2} versions at once"
        )
    served = open_policy(policy, log=root / "vllm.log", say=reporter.say)
    assert isinstance(served, VLLMPolicy)
    with closing(served):
        yield served


def open_roller(policy: "HFPolicy", grader: Grader, config: Config, folder: Path) -> Roller:
    """Whose verdicts are kept in the folder, and those that are there known."""
    return Roller(
        policy=policy,
        grader=grader,
        language=grader.language,
        template=load_template(config.prompt.template or policy.template or "default"),
        weights=config.reward,
        budget=config.prompt.tokens or policy.prompt_tokens,
        on_graded=Journal(folder, grader),
    )


def train_policy(
    policy: "HFPolicy",
    roller: Roller,
    examples: Sequence[FunctionExample],
    config: Config,
    log: RunLog,
    reporter: Reporter,
    *,
    served: "VLLMPolicy | None" = None,
) -> "StepReport | None":
    """The report of the last step; None where the run was at its end."""
    from covet.train import ranks
    from covet.train.grpo import how_many, train

    settings = config.train
    fitting = [example for example in examples if roller.prompt(example) is not None]
    if len(fitting) < len(examples):
        reporter.say(
            f"{len(examples) - len(fitting)} of {len(examples)} tasks are left out: their prompts"
            f" have more than {roller.budget} tokens (prompt.tokens)"
        )
    if not fitting:
        raise UsageError(
            f"no prompt fits in {roller.budget} tokens; set prompt.tokens higher, or take a model"
            " with more positions"
        )
    reports: list[StepReport] = []
    told: set[str] = set()
    steps = how_many(settings, len(fitting))
    writes = nullcontext[list[Logger]]([]) if ranks.number() else loggers(config, log.root)
    with writes as others, reporter.stage("train", steps) as stage:

        def on_step(report: "StepReport") -> None:
            reports.append(report)
            _tell(stage, report)
            for alarm in report.alarms:
                if alarm.name not in told:
                    told.add(alarm.name)
                    reporter.say(f"alarm at step {report.step + 1}, {alarm.name}: {alarm.words}")
            for other in others:
                other.log(report.step, numbers(report.row()))

        train(
            policy=policy,
            examples=fitting,
            roll=lambda sampler, chosen, step: (
                replace(roller, policy=sampler)
                .roll(
                    chosen,
                    samples=settings.group,
                    key=("train", settings.seed, step),
                    canaries=config.reward.canaries,
                )
                .groups
            ),
            config=config,
            log=log,
            on_step=on_step,
            served=served,
        )
    if reports and all(report.update is None for report in reports):
        reporter.say(
            f"warning: nothing was learned; in none of {len(reports)} steps did the tests of one"
            " task earn different rewards. rollouts.jsonl tells what each earned. Warm the model up"
            " first (covet warmup), or set train.group higher"
        )
    return reports[-1] if reports else None


def keep_model(policy: "HFPolicy", log: RunLog) -> Path:
    """The tuned model in the run directory."""
    from covet.train.checkpoint import keep

    return keep(policy, log.root)


def _tell(stage: Stage, report: "StepReport") -> None:
    """How it does, and where the time goes."""
    seen, cost, update = report.outcome, report.cost, report.update
    parts = [f"reward {seen.reward:.2f}", f"passing {seen.passes:.0%}"]
    if update is not None and update.kl is not None:
        parts.append(f"kl {update.kl:.3f}")
    graded_s = max(0.0, cost.roll_s - cost.sample_s)
    parts.append(
        f"{cost.wall_s:.1f} s (sampling {cost.sample_s:.1f}, grading {graded_s:.1f},"
        f" learning {cost.update_s:.1f}, waiting {cost.wait_s:.1f})"
    )
    stage.update(report.step + 1, "  ".join(parts))


def _plan(examples: Sequence[FunctionExample], config: Config, *, as_json: bool) -> None:
    """What ``--dry-run`` prints."""
    from covet.train.estimate import estimate
    from covet.train.grpo import how_many

    steps = how_many(config.train, len(examples))
    sizes = sorted(len(example.source_file + example.test_file) for example in examples)
    found = estimate(config, steps=steps, source_tokens=sizes[len(sizes) // 2] // _CHARACTERS)
    if as_json:
        emit({"config": config.model_dump(), "estimate": found.row()})
        return
    click.echo(as_toml(config))
    click.echo(f"{len(examples)} tasks, {steps} steps, {found.rollouts} rollouts")
    click.echo(f"{found.parameters:,} parameters, {found.trainable:,} of them learn")
    click.echo(
        f"about {_size(found.memory_bytes)} of memory on {found.device}: weights"
        f" {_size(found.weights_bytes)}, optimizer {_size(found.optimizer_bytes)}, and then"
        f" {_size(found.cache_bytes)} while sampling or {_size(found.activation_bytes)} while"
        f" learning; {_size(found.checkpoint_bytes)} a checkpoint"
    )
    click.echo(f"at least {found.step_s:.1f} s of arithmetic a step; grading comes on top")


def _size(count: float) -> str:
    for unit in ("B", "kB", "MB", "GB"):
        if count < 1000:
            return f"{count:.0f} {unit}" if unit == "B" else f"{count:.1f} {unit}"
        count /= 1000
    return f"{count:.1f} TB"


def _show(result: dict[str, Any]) -> None:
    last = result.get("last")
    if last is not None:
        click.echo(
            f"step {last['step'] + 1}: reward {last['reward']:.2f}, {last['passes']:.0%} passing,"
            f" {last['gains']:.0%} covering new lines"
        )
    click.echo(f"model: {result['model']}")

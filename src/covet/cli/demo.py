"""``covet demo``: the whole loop on the bundled codebase, in a run directory that resume continues.

mine → evaluate → train → evaluate → scorecard and report. Every stage leaves its result in the
run directory and is passed over where that result is already there, so that starting, resuming
and looking at a finished run are one path.
"""

import re
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import click
from rich.console import Console

from covet.cli.outcome import again, emit
from covet.cli.progress import Reporter
from covet.cli.train import keep_model, open_roller, train_policy
from covet.config import Config, as_toml, load
from covet.errors import UsageError
from covet.evaluate import scorecard
from covet.evaluate.rows import AFTER, BEFORE
from covet.evaluate.scorecard import Scorecard
from covet.execute.grader import Grader, open_grader
from covet.inspector.report import write_report
from covet.mine import mine, read, write
from covet.nano import codebase_path
from covet.policy.hf import HFPolicy
from covet.records import FunctionExample
from covet.rollout import Roller
from covet.runlog import RunLog

RUNS = Path("runs")
WARNING = (
    "The embedded model is a demonstration policy for the bundled kind of code: it writes nothing "
    "useful for real code."
)
PRESET = (
    "mine.reserved=['samplekit/heldout/*']",
    "mine.server=''",  # its tests are called after their functions
    "mine.variants=0",  # it has gaps enough
    "mine.similar=0",  # the embedded model was not trained on them
    "mine.near=1",  # its functions are generated, and much alike
    "mine.cache=false",
    "train.steps=30",
    "evaluate.tasks=240",
)
REWARD = (
    "reward.preset=coverage",
    "reward.passes=0.2",
    "reward.gains=0.5",
    "reward.kills=0.3",
)
"""What comes to mind first, without guards: the report shows what it teaches."""
SMALL = (
    "train.steps=4",
    "train.examples=6",
    "train.checkpoint_every=2",
    "evaluate.tasks=12",
    "evaluate.samples=3",
)


def run(
    *,
    out: Path | None,
    resume: bool,
    small: bool,
    seed: int | None,
    overrides: Sequence[str],
    as_json: bool,
) -> None:
    reporter = Reporter()
    settings_given = bool(overrides) or small or seed is not None
    log = _reopen(out, settings_given) if resume else _create(out, overrides, small, seed or 0)
    try:
        started = time.monotonic()
        config = load(log.root / "covet.toml")
        reporter.say(f"run: {log.root}")
        reporter.say(WARNING)
        before, after = _loop(config, log, reporter)
        report = write_report(log.root)
        result = scorecard.as_json(before, after, report=report)
        log.write("scorecard.json", result)
        reporter.say(f"all of it: {time.monotonic() - started:.0f} s")
    except KeyboardInterrupt as interrupt:
        onward = again("demo", "--resume", "--out", log.root)
        raise KeyboardInterrupt(f"to continue: {onward}") from interrupt
    finally:
        log.close()
    if as_json:
        emit(result)
    else:
        _show(before, after, report)


def _create(out: Path | None, overrides: Sequence[str], small: bool, seed: int) -> RunLog:
    seeds = (f"train.seed={seed}", f"evaluate.seed={seed}")
    preset = [*PRESET, *REWARD, *(SMALL if small else ()), *seeds]
    config = load(overrides=[*preset, *overrides])
    root = out if out is not None else RUNS / f"demo-{_last_number() + 1:03}"
    return RunLog.create(
        root, as_toml(config), extra={"verb": "demo", "model": config.policy.model}
    )


def _reopen(out: Path | None, settings_given: bool) -> RunLog:
    if settings_given:
        raise UsageError(
            "--resume keeps the settings of the run; leave --set, --seed and --small away"
        )
    last = _last_number()
    if out is None and not last:
        raise UsageError(f"no demo to resume in {RUNS}/; start one with: covet demo")
    return RunLog.reopen(out if out is not None else RUNS / f"demo-{last:03}")


def _last_number() -> int:
    """The highest N of ``runs/demo-N``; 0 where there is none."""
    names = (path.name for path in RUNS.glob("demo-*"))
    return max((int(name[5:]) for name in names if re.fullmatch(r"demo-\d+", name)), default=0)


def _loop(config: Config, log: RunLog, reporter: Reporter) -> tuple[Scorecard, Scorecard]:
    with open_grader(codebase_path(), config) as grader:
        examples = _mine(grader, config, log, reporter)
        training = [example for example in examples if example.split == "train"]
        policy = HFPolicy(config.policy, seed=config.train.seed)
        roller = open_roller(policy, grader, config, log.root)

        before = _evaluate(BEFORE, examples, roller, config, log, reporter)
        train_policy(policy, roller, training, config, log, reporter)
        keep_model(policy, log)
        after = _evaluate(AFTER, examples, roller, config, log, reporter)
    return before, after


def _mine(
    grader: Grader, config: Config, log: RunLog, reporter: Reporter
) -> tuple[FunctionExample, ...]:
    folder = log.root / "tasks"
    if not folder.exists():
        with reporter.stage("mine"):
            mined = mine(grader, config, on_progress=reporter.say)
            write(mined.dataset, mined.references, folder)
    mined = read(folder)
    told = ", ".join(f"{count} {split}" for split, count in mined.report.examples.items())
    reporter.say(f"tasks: {told}")
    tried = Counter(example.split for example in scorecard.chosen(mined.examples, config.evaluate))
    reporter.say("evaluated on: " + ", ".join(f"{n} {split}" for split, n in tried.items()))
    return mined.examples


def _evaluate(
    name: str,
    examples: Sequence[FunctionExample],
    roller: Roller,
    config: Config,
    log: RunLog,
    reporter: Reporter,
) -> Scorecard:
    with reporter.stage(f"evaluate {name}") as stage:
        return scorecard.evaluate(
            name,
            examples,
            roller=roller,
            settings=config,
            run=log.root,
            on_done=lambda done, total: stage.update(done, total=total),
        )


def _show(before: Scorecard, after: Scorecard, report: Path) -> None:
    console = Console()
    for split in ("heldout", "reserved"):
        if before.rows[split]:
            console.print(scorecard.as_table(before, after, split=split))
    click.echo(WARNING)
    click.echo(f"report: {report}")

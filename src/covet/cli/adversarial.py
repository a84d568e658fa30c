"""``covet adversarial``: a test writer and a code writer learn from each other."""

from functools import partial
from pathlib import Path
from typing import Any

import click

from covet.cli.outcome import emit
from covet.cli.progress import Reporter, Stage
from covet.cli.rundir import run_directory
from covet.cli.settings import load_settings
from covet.config import Config, as_toml, load
from covet.execute.programs import open_programs
from covet.instructions.dataset import read_examples
from covet.records import InstructionExample


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
    examples = read_examples(tasks, split="train")
    if dry_run:
        _plan(examples, load_settings(Path(), config, given), as_json=as_json)
        return
    from covet.train.adversarial import Adversaries

    directory = run_directory(
        "adversarial",
        tasks,
        out,
        files=("train.jsonl",),
        resume=resume,
        is_set=bool(given or config),
        settings=partial(load_settings, Path(), config, given),
    )
    with directory as log:
        settings = load(log.root / "covet.toml")
        with open_programs(settings) as programs:
            stages = _Stages(Reporter())
            try:
                players = Adversaries(settings, examples, programs, log, stages.tell).run()
            finally:
                stages.close()
        result = {"run": str(log.root), "tests": players.tests, "code": players.code}
        log.write("adversarial.json", result)
    if as_json:
        emit(result)
    else:
        click.echo(f"test writer: {players.tests}")
        click.echo(f"code writer: {players.code}")


class _Stages:
    """Progress of one phase after the other."""

    def __init__(self, reporter: Reporter) -> None:
        self._reporter = reporter
        self._name = ""
        self._stage: Stage | None = None

    def tell(self, name: str, done: int, total: int, note: str) -> None:
        if name != self._name:
            self.close()
            self._name, self._stage = name, self._reporter.stage(name, total)
            self._stage.__enter__()
        if self._stage is not None:
            self._stage.update(done, note)

    def close(self) -> None:
        if self._stage is not None:
            self._stage.__exit__(None, None, None)
        self._stage = None


def _plan(examples: list[InstructionExample], config: Config, *, as_json: bool) -> None:
    """What ``--dry-run`` prints."""
    chosen, trained = config.adversarial, config.train

    def summed(values: tuple[int, ...]) -> int:
        return sum(values[min(number, len(values) - 1)] for number in range(chosen.rounds))

    plays = chosen.mode in ("rounds", "code_from_cases")
    told: dict[str, Any] = {
        "tasks": len(examples),
        "mode": chosen.mode,
        "rounds": chosen.rounds if plays else 0,
        "programs": len(examples) * chosen.solutions * chosen.rounds
        if chosen.mode == "rounds"
        else 0,
        "tests_steps": summed(chosen.tests_steps) if chosen.mode == "rounds" else 0,
        "code_steps": summed(chosen.code_steps) if plays else 0,
        "rollouts_a_step": trained.examples * trained.group,
    }
    if as_json:
        emit({"config": config.model_dump(), "estimate": told})
        return
    click.echo(as_toml(config))
    for name, value in told.items():
        click.echo(f"{name.replace('_', ' ')}: {value}")

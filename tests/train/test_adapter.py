"""The training loop over an adapter: it learns, it resumes, it is measured from where it began."""

from pathlib import Path

import pytest

pytest.importorskip("torch")

import torch

from covet import config
from covet.policy.hf import HFPolicy
from covet.runlog import RunLog
from covet.train.grpo import train
from covet.train.report import StepReport
from tests.train.toy import EXAMPLES, make_roll, settings


def run(
    model: Path, root: Path, *, steps: int, lora_rank: int = 4, lag: int = 1
) -> tuple[HFPolicy, list[StepReport]]:
    """Train an adapter from the start, or from where the run in ``root`` stands."""
    chosen = settings(model, steps=steps, lag=lag, learning_rate=3e-2)
    policy = chosen.policy.model_copy(update={"lora_rank": lora_rank})
    chosen = chosen.model_copy(update={"policy": policy})
    learner = HFPolicy(chosen.policy, autocast=False)
    known = (root / "manifest.json").exists()
    log = RunLog.reopen(root) if known else RunLog.create(root, config.as_toml(chosen), extra={})
    reports: list[StepReport] = []
    try:
        train(
            policy=learner,
            examples=EXAMPLES,
            roll=make_roll(chosen),
            config=chosen,
            log=log,
            on_step=reports.append,
        )
    finally:
        log.close()
    return learner, reports


def test_an_adapter_learns_a_rewarded_token_and_its_base_stays(
    llama_folder: Path, tmp_path: Path
) -> None:
    policy, reports = run(llama_folder, tmp_path / "run", steps=16)
    first = sum(report.outcome.reward for report in reports[:4]) / 4
    last = sum(report.outcome.reward for report in reports[-4:]) / 4
    assert last > first + 0.3
    fresh = HFPolicy(config.Policy(model=str(llama_folder), max_new_tokens=8), autocast=False)
    base = fresh.model.state_dict()
    for name, weight in policy.model.state_dict().items():
        if "lora_" not in name:
            assert torch.equal(weight, base[name.replace(".base_layer", "")]), name


@pytest.mark.parametrize("lag", [0, 1])
def test_a_run_that_stopped_goes_on_to_the_same_adapter(
    llama_folder: Path, tmp_path: Path, lag: int
) -> None:
    whole, _ = run(llama_folder, tmp_path / "whole", steps=5, lag=lag)
    run(llama_folder, tmp_path / "stopped", steps=2, lag=lag)
    resumed, reports = run(llama_folder, tmp_path / "stopped", steps=5, lag=lag)
    assert [report.step for report in reports] == [2, 3, 4]
    for name, weight in resumed.weights().items():
        assert torch.equal(weight, whole.trainable()[name]), name


def test_the_divergence_is_from_the_adapter_that_training_began_with(
    llama_folder: Path, tmp_path: Path
) -> None:
    warm, _ = run(llama_folder, tmp_path / "warm", steps=4, lag=0)
    warm.save(tmp_path / "adapter")
    _, reports = run(tmp_path / "adapter", tmp_path / "run", steps=3, lora_rank=0, lag=0)
    told = [report.update.kl for report in reports if report.update is not None]
    assert told[0] == pytest.approx(0.0, abs=1e-9)
    assert told[-1] is not None
    assert told[-1] > 1e-4

"""The training loop on a toy task: it learns, it resumes, it says what it did."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

pytest.importorskip("torch")

import torch

from covet.errors import ModelError, UsageError
from covet.policy.hf import HFPolicy
from covet.records import Group, InstructionExample
from covet.runlog import read_jsonl
from covet.train import checkpoint
from tests.train import toy
from tests.train.toy import EXAMPLES, Roll, Samples, compared, run, spoil, without_signal


def weights(policy: HFPolicy) -> dict[str, torch.Tensor]:
    return {name: value.clone() for name, value in policy.model.state_dict().items()}


def assert_same_bits(one: dict[str, torch.Tensor], other: dict[str, torch.Tensor]) -> None:
    assert one.keys() == other.keys()
    for name, value in one.items():
        assert torch.equal(value, other[name]), name


def rows(path: Path) -> list[dict[str, object]]:
    return list(read_jsonl(path, dict[str, object]))


def test_a_rewarded_token_is_learned_in_seconds(llama_folder: Path, tmp_path: Path) -> None:
    _, reports = run(llama_folder, tmp_path / "run", steps=20)
    first = sum(report.outcome.reward for report in reports[:4]) / 4
    last = sum(report.outcome.reward for report in reports[-4:]) / 4
    assert first < 0.5
    assert last > 0.9


@pytest.mark.parametrize("lag", [0, 1, 2])
def test_a_run_killed_by_sigkill_goes_on_to_the_same_weights(
    llama_folder: Path, tmp_path: Path, lag: int
) -> None:
    undisturbed, _ = run(llama_folder, tmp_path / "whole", steps=7, lag=lag, curriculum=True)
    root = tmp_path / "killed"
    script = [sys.executable, toy.__file__, str(llama_folder), str(root), "500"]
    child = subprocess.Popen([*script, json.dumps({"lag": lag, "curriculum": True})])
    try:
        metrics = root / "metrics.jsonl"
        deadline = time.monotonic() + 60
        while not metrics.exists() or metrics.read_bytes().count(b"\n") < 4:
            assert time.monotonic() < deadline
            assert child.poll() is None
            time.sleep(0.002)
    finally:
        child.kill()
    assert child.wait() == -signal.SIGKILL
    last = checkpoint.latest(root / "checkpoints")
    assert last is not None
    assert last.name < "step-000007"

    resumed, reports = run(llama_folder, root, steps=7, lag=lag, curriculum=True)
    assert 0 < len(reports) < 7
    assert resumed.version == 7
    assert_same_bits(weights(resumed), weights(undisturbed))


@pytest.mark.parametrize("lag", [0, 1, 2])
def test_two_runs_of_one_seed_end_in_the_same_bits_and_another_seed_does_not(
    llama_folder: Path, tmp_path: Path, lag: int
) -> None:
    one, reports = run(llama_folder, tmp_path / "one", steps=4, lag=lag)
    two, _ = run(llama_folder, tmp_path / "two", steps=4, lag=lag)
    other, _ = run(llama_folder, tmp_path / "other", steps=4, lag=lag, seed=1)
    assert [report.sampled_at for report in reports] == [max(0, t - lag) for t in range(4)]
    assert_same_bits(weights(one), weights(two))
    assert any(not torch.equal(v, weights(other)[name]) for name, v in weights(one).items())


def test_the_divergence_term_keeps_the_policy_nearer_to_its_start(
    llama_folder: Path, tmp_path: Path
) -> None:
    _, free = run(llama_folder, tmp_path / "free", steps=8, kl=1e-9)
    _, held = run(llama_folder, tmp_path / "held", steps=8, kl=0.5)
    assert free[-1].update is not None
    assert held[-1].update is not None
    assert free[-1].update.kl is not None
    assert held[-1].update.kl is not None
    assert held[-1].update.kl < 0.7 * free[-1].update.kl


def test_without_the_divergence_term_none_is_told(llama_folder: Path, tmp_path: Path) -> None:
    _, (report,) = run(llama_folder, tmp_path / "run", steps=1, kl=0)
    assert report.update is not None
    assert report.update.kl is None


@pytest.mark.parametrize("advantage", ["grpo", "dr_grpo", "rloo"])
def test_the_size_of_micro_batches_does_not_change_the_gradient(
    llama_folder: Path, tmp_path: Path, advantage: str
) -> None:
    changes = {"steps": 1, "advantage": advantage, "kl": 0.1}
    _, (large,) = run(llama_folder, tmp_path / "large", micro_batch=1000, **changes)
    _, (small,) = run(llama_folder, tmp_path / "small", micro_batch=3, **changes)
    assert large.update is not None
    assert small.update is not None
    assert small.update.loss == pytest.approx(large.update.loss, abs=1e-6)
    assert small.update.grad_norm == pytest.approx(large.update.grad_norm, rel=1e-4)
    assert small.update.entropy == pytest.approx(large.update.entropy, rel=1e-5)


def test_the_first_step_starts_on_policy(llama_folder: Path, tmp_path: Path) -> None:
    _, reports = run(llama_folder, tmp_path / "run", steps=1)
    update = reports[0].update
    assert update is not None
    assert update.kl == pytest.approx(0, abs=1e-6)
    assert update.clip_share == 0
    assert update.logprob_gap < 1e-4
    assert update.learning_rate == pytest.approx(1e-2 / 3)
    assert update.grad_norm > 0
    assert update.entropy > 0


def test_every_step_leaves_a_row_of_metrics_and_a_row_for_each_rollout(
    llama_folder: Path, tmp_path: Path
) -> None:
    run(llama_folder, tmp_path / "run", steps=2)
    metrics = rows(tmp_path / "run" / "metrics.jsonl")
    rollouts = rows(tmp_path / "run" / "rollouts.jsonl")
    assert [row["step"] for row in metrics] == [0, 1]
    assert len(rollouts) == 2 * 4 * 8
    assert {row["version"] for row in rollouts if row["step"] == 1} == {1}
    first = [row for row in rollouts if row["step"] == 0]
    share = sum(row["status"] == "ok" for row in first) / len(first)
    assert metrics[0]["passes"] == metrics[0]["gains"] == pytest.approx(share)
    assert metrics[0]["grade_cpu_s"] == pytest.approx(32 * 0.25)
    assert all("3" in str(row["completion"]) for row in first if row["gained_lines"])
    assert all(bool(row["prompt"]) == (row["sample"] == 0) for row in rollouts)
    assert all(row["execution"]["status"] == row["status"] for row in rollouts)
    json.dumps(metrics)  # finite, flat


def test_a_step_without_signal_counts_but_changes_nothing(
    llama_folder: Path, tmp_path: Path
) -> None:
    policy, reports = run(llama_folder, tmp_path / "run", steps=2, change=without_signal)
    assert [report.update for report in reports] == [None, None]
    assert reports[0].outcome.dead_groups == 1.0
    assert policy.version == 2
    start, _ = run(llama_folder, tmp_path / "none", steps=0)
    assert_same_bits(weights(policy), weights(start))
    assert rows(tmp_path / "run" / "metrics.jsonl")[0]["kl"] is None


def broken_grading(roll: Roll) -> Roll:
    """In each step, the first group loses all but one rollout and the second loses two."""

    def partly(policy: Samples, examples: Sequence[InstructionExample], step: int) -> list[Group]:
        first, second, *rest = roll(policy, examples, step)
        return [spoil(first, places=range(7)), spoil(second, places=(0, 3)), *rest]

    return partly


def test_rollouts_that_could_not_be_graded_are_left_out_and_counted(
    llama_folder: Path, tmp_path: Path
) -> None:
    _, (report,) = run(llama_folder, tmp_path / "run", steps=1, change=broken_grading)
    outcome = report.outcome
    assert (outcome.groups, outcome.dropped_groups, outcome.ungraded) == (4, 1, 9)
    advantages = [row["advantage"] for row in rows(tmp_path / "run" / "rollouts.jsonl")]
    assert advantages[:8] == [None] * 8
    assert [place for place in range(8) if advantages[8 + place] is None] == [0, 3]


def test_an_ungraded_rollout_does_not_move_the_advantages_of_its_siblings(
    llama_folder: Path, tmp_path: Path
) -> None:
    captured: list[Group] = []

    def capture(roll: Roll) -> Roll:
        def kept(policy: Samples, examples: Sequence[InstructionExample], step: int) -> list[Group]:
            captured.extend(roll(policy, examples, step))
            return captured

        return kept

    run(llama_folder, tmp_path / "run", steps=1, change=capture)
    group = captured[0]
    without = replace(group, rollouts=group.rollouts[:3] + group.rollouts[4:])
    spoilt = compared(spoil(group, places=(3,)))
    assert spoilt[3] is None
    expected = compared(without)
    assert spoilt[:3] + spoilt[4:] == expected


def test_a_loss_that_is_not_finite_stops_the_run_by_step_and_saves_nothing(
    llama_folder: Path, tmp_path: Path
) -> None:
    def poisoned(roll: Roll) -> Roll:
        def poison(
            policy: Samples, examples: Sequence[InstructionExample], step: int
        ) -> list[Group]:
            groups = roll(policy, examples, step)
            if step < 3:
                return groups
            huge = [
                replace(r, reward=replace(r.reward, value=1e38 * (-1) ** i))
                for i, r in enumerate(groups[0].rollouts)
            ]
            return [replace(groups[0], rollouts=tuple(huge)), *groups[1:]]

        return poison

    root = tmp_path / "run"
    with pytest.raises(ModelError, match="step 3: the loss is"):
        run(llama_folder, root, steps=6, change=poisoned, advantage="rloo")
    last = checkpoint.latest(root / "checkpoints")
    assert last is not None
    assert last.name == "step-000002"
    assert len(rows(root / "metrics.jsonl")) == 3


def test_no_examples_are_a_usage_error(
    llama_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(toy, "EXAMPLES", [])
    with pytest.raises(UsageError, match="no example to train on"):
        run(llama_folder, tmp_path / "run", steps=1)


def test_examples_are_asked_about_in_turn(llama_folder: Path, tmp_path: Path) -> None:
    run(llama_folder, tmp_path / "run", steps=3, examples=2)
    asked = [row["example_id"] for row in rows(tmp_path / "run" / "rollouts.jsonl")]
    assert sorted(set(asked)) == sorted(example.id for example in EXAMPLES)
    assert all(asked.count(name) == 8 for name in set(asked))

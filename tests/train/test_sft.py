"""Fine-tuning on demonstrations: what is learned from, how much, and that it resumes."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("torch")

import torch
from transformers import AutoModelForCausalLM

from covet.errors import DataError, ModelError
from covet.policy.base import Draw
from covet.policy.hf import HFPolicy
from covet.records import Demonstration, Prompt
from covet.runlog import read_jsonl
from covet.train import checkpoint, sft
from covet.train.sft import SftEpoch, SftStep, learning_rate
from tests.train import sft_toy
from tests.train.sft_toy import HELDOUT, TRAIN, demonstration, run, settings


@pytest.fixture(scope="module")
def policy(llama_folder: Path) -> HFPolicy:
    return HFPolicy(settings(llama_folder).policy, autocast=False)


def weights(policy: HFPolicy) -> dict[str, torch.Tensor]:
    return {name: value.clone() for name, value in policy.model.state_dict().items()}


def assert_same_bits(one: dict[str, torch.Tensor], other: dict[str, torch.Tensor]) -> None:
    assert one.keys() == other.keys()
    for name, value in one.items():
        assert torch.equal(value, other[name]), name


def test_a_sample_is_what_sampling_reads_and_writes_and_then_the_end(policy: HFPolicy) -> None:
    (sample,) = sft.encode(policy, TRAIN[:1]).samples
    prompt = policy.encode(TRAIN[0].prompt)
    answer = tuple(policy.tokenizer(TRAIN[0].text, add_special_tokens=False)["input_ids"])
    assert sample.token_ids == (*prompt, *answer, policy.tokenizer.eos_token_id)
    assert sample.loss_mask == (False,) * len(prompt) + (True,) * (len(answer) + 1)


def test_the_loss_is_the_mean_over_the_answers_tokens_alone(policy: HFPolicy) -> None:
    samples = sft.encode(policy, [*TRAIN, *HELDOUT]).samples
    total, tokens = 0.0, 0
    for sample in samples:
        ids = torch.tensor([sample.token_ids])
        labels = ids.masked_fill(~torch.tensor([sample.loss_mask]), -100)
        count = sum(sample.loss_mask)
        with torch.no_grad():
            total += policy.model(ids, labels=labels).loss.item() * count
        tokens += count
    assert sft.loss_of(policy, samples, micro_batch=4) == pytest.approx(total / tokens, abs=1e-5)


@pytest.mark.parametrize("micro_batch", [1, 3, 100])
def test_the_cut_into_micro_batches_does_not_change_a_step(
    llama_folder: Path, tmp_path: Path, micro_batch: int
) -> None:
    long = [demonstration("long", "assert add(1, 2) == 3  # and so on\n"), *TRAIN]
    sizes = {"examples": 8, "epochs": 1}
    changes = {**sizes, "micro_batch": micro_batch}
    _, (_, step, _) = run(llama_folder, tmp_path / "cut", train=long, **changes)
    _, (_, whole, _) = run(llama_folder, tmp_path / "whole", train=long, micro_batch=8, **sizes)
    assert isinstance(step, SftStep)
    assert isinstance(whole, SftStep)
    assert step.loss == pytest.approx(whole.loss, abs=1e-6)
    assert step.grad_norm == pytest.approx(whole.grad_norm, rel=1e-4)
    assert step.tokens == whole.tokens


def test_what_was_shown_is_what_is_sampled_and_it_ends(llama_folder: Path, tmp_path: Path) -> None:
    policy, rows = run(llama_folder, tmp_path / "run", train=TRAIN[:2], epochs=50)
    losses = [row.loss for row in rows if isinstance(row, SftStep)]
    assert losses[-1] < 0.1 * losses[0]
    policy.temperature = 0.05
    for shown in TRAIN[:2]:
        ((completion,),) = policy.sample([Draw(shown.prompt, 1, ("a",))])
        assert (completion.text, completion.finish) == (shown.text, "stop")


def test_a_run_killed_by_sigkill_goes_on_to_the_same_weights(
    llama_folder: Path, tmp_path: Path
) -> None:
    undisturbed, _ = run(llama_folder, tmp_path / "whole")
    root = tmp_path / "killed"
    child = subprocess.Popen([sys.executable, sft_toy.__file__, str(llama_folder), str(root)])
    try:
        deadline = time.monotonic() + 60
        while checkpoint.latest(root / "checkpoints") is None:
            assert time.monotonic() < deadline
            assert child.poll() is None
            time.sleep(0.001)
    finally:
        child.send_signal(signal.SIGKILL)
    child.wait()

    resumed, rows = run(llama_folder, root)
    assert 0 < len(rows) < 12 + 4
    assert resumed.version == 12
    assert_same_bits(weights(resumed), weights(undisturbed))
    told = list(metrics(root))
    assert {row["step"] for row in told if "step" in row} == set(range(12))
    assert {row["after_epoch"] for row in told if "after_epoch" in row} == {0, 1, 2, 3}


def metrics(root: Path) -> Iterator[dict[str, Any]]:
    return read_jsonl(root / "metrics.jsonl", dict[str, Any])


def test_every_demonstration_comes_once_an_epoch_in_another_order(
    llama_folder: Path, tmp_path: Path
) -> None:
    _, rows = run(llama_folder, tmp_path / "run", epochs=2)
    steps = [row for row in rows if isinstance(row, SftStep)]
    each = [[step for step in steps if step.epoch == epoch] for epoch in (0, 1)]
    assert [[step.samples for step in some] for some in each] == [[2, 2, 2, 1]] * 2
    assert len({sum(step.tokens for step in some) for some in each}) == 1
    orders = {tuple(sft._order(7, seed=0, epoch=epoch)) for epoch in range(5)}
    assert len(orders) == 5
    assert sft._order(7, seed=0, epoch=1) == sft._order(7, seed=0, epoch=1)
    assert sft._order(7, seed=1, epoch=1) != sft._order(7, seed=0, epoch=1)


def test_the_heldout_loss_is_told_before_and_after_each_epoch(
    llama_folder: Path, tmp_path: Path
) -> None:
    policy, rows = run(llama_folder, tmp_path / "run")
    epochs = [row for row in rows if isinstance(row, SftEpoch)]
    assert [(row.after_epoch, row.after_step) for row in epochs] == [
        (0, 0),
        (1, 4),
        (2, 8),
        (3, 12),
    ]
    samples = sft.encode(policy, HELDOUT).samples
    assert epochs[-1].heldout_loss == pytest.approx(sft.loss_of(policy, samples, micro_batch=2))
    written = [row for row in metrics(tmp_path / "run") if "heldout_loss" in row]
    assert [row["heldout_loss"] for row in written] == [row.heldout_loss for row in epochs]


def test_the_learning_rate_rises_and_falls_in_a_line() -> None:
    chosen = settings(Path(), learning_rate=1.0, rising=0.2).warmup
    rates = [learning_rate(step, steps=10, settings=chosen) for step in range(10)]
    assert rates == pytest.approx([0.5, 1.0, *(1 - n / 8 for n in range(8))])
    always = settings(Path(), learning_rate=1.0, rising=1.0).warmup
    assert learning_rate(9, steps=10, settings=always) == 1.0
    never = settings(Path(), learning_rate=1.0, rising=0.0).warmup
    assert learning_rate(0, steps=10, settings=never) == 1.0


def test_a_checkpoint_is_a_folder_that_transformers_loads(
    llama_folder: Path, tmp_path: Path
) -> None:
    policy, _ = run(llama_folder, tmp_path / "run", epochs=1)
    folder = checkpoint.latest(tmp_path / "run" / "checkpoints")
    assert folder is not None
    plain = AutoModelForCausalLM.from_pretrained(folder)
    assert_same_bits(dict(plain.state_dict()), weights(policy))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("x = 1\n" * 30, sft.TOO_LONG),
        ("x = '<eos>'\n", sft.NOT_GIVEN_BACK),
        ("", sft.NOT_GIVEN_BACK),
    ],
)
def test_an_answer_that_sampling_could_not_give_is_left_out(
    policy: HFPolicy, text: str, reason: str
) -> None:
    encoded = sft.encode(policy, [demonstration("odd", text), TRAIN[0]])
    assert encoded.left_out == {"odd": reason}
    assert len(encoded.samples) == 1


def test_an_answer_may_take_all_of_the_new_tokens(policy: HFPolicy) -> None:
    text = "x" * (policy.max_new_tokens - 1)
    ((*_, mask),) = [
        sample.loss_mask for sample in sft.encode(policy, [demonstration("x", text)]).samples
    ]
    assert mask


def test_nothing_to_learn_from_is_an_error(llama_folder: Path, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no demonstration"):
        run(llama_folder, tmp_path / "run", train=[])


def test_a_loss_that_is_no_number_ends_the_run_before_it_is_saved(
    llama_folder: Path, tmp_path: Path
) -> None:
    with pytest.raises(ModelError, match=r"lower warmup\.learning_rate"):
        run(llama_folder, tmp_path / "run", learning_rate=1e30, rising=0.0, checkpoint_every=1)
    last = checkpoint.latest(tmp_path / "run" / "checkpoints")
    assert last is not None
    assert last.name == "step-000001"


def test_a_tokenizer_and_model_that_name_no_end_are_an_error(llama_folder: Path) -> None:
    policy = HFPolicy(settings(llama_folder).policy, autocast=False)
    policy.tokenizer.eos_token = None
    ends = policy.model.generation_config.eos_token_id
    policy.model.generation_config.eos_token_id = [7, 8]
    assert sft.encode(policy, TRAIN[:1]).samples[0].token_ids[-1] == 7
    policy.model.generation_config.eos_token_id = None
    with pytest.raises(ModelError, match="token that ends a sequence"):
        sft.encode(policy, TRAIN[:1])
    assert ends is not None


def test_a_thought_that_the_prompt_opens_is_not_opened_again(policy: HFPolicy) -> None:
    prompt = Prompt("t", "write t\n<think>\n", "", "append")
    shown = Demonstration(prompt, "train", "<think>\nSo.\n</think>\nx = 1\n")
    (sample,) = sft.encode(policy, [shown]).samples
    text = policy.tokenizer.decode(sample.token_ids, skip_special_tokens=True)
    assert text == "write t\n<think>\nSo.\n</think>\nx = 1\n"

"""Batches and their scores against one plain forward pass for each sample."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

pytest.importorskip("torch")

import torch
from transformers import AutoConfig, AutoModelForCausalLM, PreTrainedModel

from covet.algo.samples import training_samples
from covet.policy.hf import HFPolicy
from covet.records import Group, Reward, TrainingSample
from covet.train import model
from covet.train.batch import collate, micro_batches
from covet.train.model import chosen, token_table
from tests.train.toy import EXAMPLES, make_roll, settings

CPU = torch.device("cpu")


def sample(prompt: int, completion: int, *, first: int = 2) -> TrainingSample:
    tokens = tuple(range(first, first + prompt + completion))
    mask = (False,) * prompt + (True,) * completion
    return TrainingSample(tokens, mask, tuple(-0.1 * m for m in mask), advantage=float(prompt))


def uneven(group: Group) -> Group:
    """The group with rewards that differ."""
    rollouts = [replace(r, reward=Reward(i, {})) for i, r in enumerate(group.rollouts)]
    return replace(group, rollouts=tuple(rollouts))


def sampled(
    folder: Path, *, autocast: bool, temperature: float = 1.0
) -> tuple[HFPolicy, list[TrainingSample]]:
    """A policy and, of its own completions, the samples."""
    chosen_settings = settings(folder, steps=1, temperature=temperature)
    policy = HFPolicy(chosen_settings.policy, autocast=autocast)
    groups = make_roll(chosen_settings)(policy, EXAMPLES, 0)
    samples = [one for group in groups for one in training_samples(uneven(group), [1.0] * 8)]
    return policy, samples


def test_completions_start_in_one_column_and_padding_is_on_both_sides() -> None:
    batch = collate([sample(2, 3), sample(4, 1)], device=CPU)
    assert batch.token_ids.tolist() == [[0, 0, 2, 3, 4, 5, 6], [2, 3, 4, 5, 6, 0, 0]]
    assert batch.attention.tolist() == [[0, 0, 1, 1, 1, 1, 1], [1, 1, 1, 1, 1, 0, 0]]
    assert batch.mask.tolist() == [[True] * 3, [True, False, False]]
    assert batch.targets.tolist() == [[4, 5, 6], [6, 0, 0]]
    assert batch.advantages.tolist() == [2.0, 4.0]
    assert batch.logprobs[1].tolist() == pytest.approx([-0.1, 0.0, 0.0])


def test_environment_tokens_inside_a_completion_stay_masked() -> None:
    mixed = TrainingSample((2, 3, 4, 5), (False, True, False, True), (0, -1, 0, -2), 1.0)
    batch = collate([mixed], device=CPU)
    assert batch.mask.tolist() == [[True, False, True]]
    assert batch.logprobs.tolist() == [[-1, 0, -2]]


def test_micro_batches_hold_every_sample_once_and_like_lengths_together() -> None:
    samples = [sample(2, n, first=2 + n) for n in (5, 1, 4, 2, 3)]
    batches = micro_batches(samples, size=2, device=CPU)
    assert [len(batch.mask) for batch in batches] == [2, 2, 1]
    assert [batch.mask.sum().item() for batch in batches] == [3, 7, 5]


@pytest.mark.parametrize("kind", ["llama_folder", "gpt2_folder"])
@pytest.mark.parametrize("temperature", [1.0, 0.6])
def test_training_scores_tokens_as_sampling_did(
    kind: str, temperature: float, request: pytest.FixtureRequest
) -> None:
    folder = request.getfixturevalue(kind)
    policy, samples = sampled(folder, autocast=False, temperature=temperature)
    for batch in micro_batches(samples, size=8, device=CPU):
        with torch.no_grad():
            table = token_table(policy.model, batch, temperature=temperature)
        scores = chosen(table, batch)
        difference = (scores - batch.logprobs)[batch.mask].abs().max()
        assert difference < 1e-4


def test_in_half_precision_training_and_sampling_agree_to_its_rounding(llama_folder: Path) -> None:
    policy, samples = sampled(llama_folder, autocast=True)
    (batch,) = micro_batches(samples, size=1000, device=CPU)
    with torch.no_grad(), policy.precision():
        scores = chosen(token_table(policy.model, batch, temperature=1.0), batch)
    gap = (scores - batch.logprobs)[batch.mask].abs()
    assert gap.mean() < 0.02


@pytest.mark.parametrize("kind", ["llama_folder", "gpt2_folder"])
def test_padding_changes_neither_scores_nor_gradients(
    kind: str, request: pytest.FixtureRequest
) -> None:
    policy = HFPolicy(settings(request.getfixturevalue(kind), steps=1).policy, autocast=False)
    samples = [sample(2, 6, first=9), sample(11, 2, first=30), sample(5, 4, first=70)]

    def gradient(size: int) -> list[torch.Tensor]:
        policy.model.zero_grad()
        for batch in micro_batches(samples, size=size, device=CPU):
            table = token_table(policy.model, batch, temperature=0.7)
            (chosen(table, batch) * batch.mask).sum().backward()
        return [p.grad.clone() for p in policy.model.parameters() if p.grad is not None]

    together, alone = gradient(3), gradient(1)
    assert len(together) == len(list(policy.model.parameters()))
    for one, other in zip(together, alone, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("kind", ["llama_folder", "gpt2_folder"])
def test_scores_are_those_of_the_whole_table_in_parts_and_with_their_gradients(
    kind: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy, samples = sampled(request.getfixturevalue(kind), autocast=False, temperature=0.8)
    (batch,) = micro_batches(samples, size=1000, device=CPU)

    def gradients(logprobs: torch.Tensor, entropies: torch.Tensor) -> list[torch.Tensor]:
        policy.model.zero_grad()
        ((logprobs + 0.3 * entropies) * batch.mask).sum().backward()
        return [p.grad.clone() for p in policy.model.parameters() if p.grad is not None]

    table = token_table(policy.model, batch, temperature=0.8)
    entropies = -(table.exp() * table).sum(-1)
    expected = gradients(chosen(table, batch), entropies)
    for size in (model.CHUNK_BYTES, 4 * model.vocabulary(policy.model) * 7):
        monkeypatch.setattr(model, "CHUNK_BYTES", size)
        got, spread = model.scores(policy.model, batch, temperature=0.8, entropy=True)
        torch.testing.assert_close(got, chosen(table, batch) * batch.mask, rtol=0, atol=1e-5)
        torch.testing.assert_close(spread, entropies * batch.mask, rtol=0, atol=1e-4)
        for one, other in zip(gradients(got, spread), expected, strict=True):
            torch.testing.assert_close(one, other, rtol=1e-3, atol=1e-3)


def test_entropies_without_their_gradient_leave_that_of_the_scores(llama_folder: Path) -> None:
    policy, samples = sampled(llama_folder, autocast=False)
    (batch,) = micro_batches(samples, size=1000, device=CPU)
    logprobs, entropies = model.scores(policy.model, batch, temperature=1.0)
    assert logprobs.requires_grad
    assert not entropies.requires_grad
    assert (entropies[batch.mask] > 0).all()
    assert (logprobs[~batch.mask] == 0).all()


SMALL = {
    "vocab_size": 300,
    "hidden_size": 32,
    "intermediate_size": 64,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "max_position_embeddings": 96,
    "initializer_range": 0.2,
}
MAKES = {
    "llama": {},
    "gpt2": {"n_embd": 32, "n_layer": 2, "n_head": 2, "n_positions": 96, "initializer_range": 0.2},
    "mistral": {"sliding_window": 8},
    "gemma3_text": {"sliding_window": 8, "head_dim": 8, "num_hidden_layers": 6},
    "lfm2": {"layer_types": ["conv", "full_attention"]},
}
SHARED = [(7, 5, 9), (7, 2, 9), (3, 6, 50), (7, 1, 9), (20, 9, 100), (20, 4, 100), (3, 1, 50)]
"""Of each sample: tokens of its prompt and of its completion, and where the prompt begins."""


def siblings() -> list[TrainingSample]:
    """Samples of which some share their prompts, with completions of their own."""
    samples: list[TrainingSample] = []
    for place, (prompt, completion, first) in enumerate(SHARED):
        tokens = (*range(first, first + prompt), *range(150 + 10 * place, 150 + 10 * place + 9))
        mask = (False,) * prompt + (True,) * completion
        tokens = tokens[: prompt + completion]
        samples.append(TrainingSample(tokens, mask, (-0.1,) * len(tokens), advantage=1.0))
    return samples


def made(name: str) -> PreTrainedModel:
    torch.manual_seed(0)
    settings = AutoConfig.for_model(name, **SMALL | MAKES[name])
    return AutoModelForCausalLM.from_config(settings).eval()


@pytest.mark.parametrize("name", MAKES)
@pytest.mark.parametrize("places", [range(7), (0, 1, 3), (3, 6), (4,), (3, 3)])
def test_a_prompt_that_samples_share_gives_the_scores_and_gradients_of_its_copies(
    name: str, places: Sequence[int]
) -> None:
    network = made(name)

    def learned(size: int) -> tuple[dict[int, list[float]], list[torch.Tensor]]:
        network.zero_grad()
        found: dict[int, list[float]] = {}
        chosen_samples = [siblings()[place] for place in places]
        for batch in micro_batches(chosen_samples, size=size, device=CPU):
            logprobs, entropies = model.scores(network, batch, temperature=0.7, entropy=True)
            (logprobs.square() + 0.3 * entropies).sum().backward()
            for place, row, mask in zip(batch.places, logprobs, batch.mask, strict=True):
                found[place] = row[mask].tolist()
        return found, [one.grad.clone() for one in network.parameters() if one.grad is not None]

    (together, gradients), (alone, expected) = learned(7), learned(1)
    assert together.keys() == alone.keys()
    for place, row in together.items():
        assert row == pytest.approx(alone[place], abs=1e-4)
    for one, other in zip(gradients, expected, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-3, atol=1e-4)


def test_a_prompt_that_samples_share_is_read_once() -> None:
    network, calls = made("llama"), []
    network.register_forward_pre_hook(
        lambda _, __, given: calls.append(tuple(given["input_ids"].shape)), with_kwargs=True
    )
    (batch,) = micro_batches(siblings(), size=7, device=CPU)
    model.scores(network, batch, temperature=1.0)
    assert calls == [(3, 20), (7, 8)]


def test_samples_of_one_prompt_stand_side_by_side_in_micro_batches() -> None:
    places = [batch.places for batch in micro_batches(siblings(), size=3, device=CPU)]
    assert places == [(6, 2, 3), (1, 0, 5), (4,)]  # prompts of 3, then 7, then 20 tokens

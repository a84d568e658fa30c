"""Any kind of causal language model works by its folder alone: loaded, sampled, tuned, kept."""

from pathlib import Path

import pytest

pytest.importorskip("torch")

import torch
from transformers import AutoModelForCausalLM

from covet import config
from covet.policy.base import Draw
from covet.policy.hf import HFPolicy
from covet.records import Completion, Prompt
from tests.tiny_models import KINDS, write_model


@pytest.fixture(scope="module", params=KINDS)
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_model(tmp_path_factory.mktemp("kinds") / request.param, kind=request.param)


def load(folder: Path, **settings: object) -> HFPolicy:
    known = {"model": str(folder), "max_new_tokens": 24, "threads": 1} | settings
    return HFPolicy(config.Policy.model_validate(known), autocast=False)


TEXTS = ("def test_add_1():\n    assert add(1, 2) == 3\n" * 2, "x", "assert sub(")
DRAWS = [Draw(Prompt(t, t, "", "append"), samples=3, key=(0, t)) for t in TEXTS]


def logits(model: torch.nn.Module, policy: HFPolicy) -> torch.Tensor:
    ids = torch.tensor([policy.encode(DRAWS[0].prompt)])
    with torch.no_grad():
        return model(input_ids=ids).logits


def take_a_step(policy: HFPolicy) -> None:
    optimizer = torch.optim.AdamW(policy.trainable().values(), lr=0.01)
    ids = torch.tensor([policy.encode(DRAWS[0].prompt)])
    for _ in range(2):  # an adapter's second factor learns after the first has left zero
        optimizer.zero_grad()
        policy.model(input_ids=ids, labels=ids).loss.backward()
        optimizer.step()


def tokens(answers: list[list[Completion]]) -> list[tuple[int, ...]]:
    return [c.segments[0].token_ids for completions in answers for c in completions]


def test_what_it_samples_has_the_probability_of_a_plain_forward_pass(folder: Path) -> None:
    policy = load(folder)
    plain = AutoModelForCausalLM.from_pretrained(folder)
    for given, answers in zip(DRAWS, policy.sample(DRAWS), strict=True):
        prompt = policy.encode(given.prompt)
        for completion in answers:
            (segment,) = completion.segments
            with torch.no_grad():
                scores = plain(torch.tensor([[*prompt, *segment.token_ids]])).logits[0]
            table = torch.log_softmax(scores, dim=-1)[len(prompt) - 1 : -1]
            expected = table.gather(-1, torch.tensor(segment.token_ids)[:, None])[:, 0]
            assert segment.logprobs == pytest.approx(expected.tolist(), abs=1e-4)


def test_a_new_adapter_changes_nothing_and_a_step_changes_only_it(folder: Path) -> None:
    policy = load(folder, lora_rank=4)
    whole = AutoModelForCausalLM.from_pretrained(folder)
    assert torch.equal(logits(policy.model, policy), logits(whole, policy))
    take_a_step(policy)
    changed = logits(policy.model, policy)
    assert (changed - logits(whole, policy)).abs().max() > 1e-3
    base = whole.state_dict()
    for name, weight in policy.model.state_dict().items():
        if "lora_" not in name:
            assert torch.equal(weight, base[name.replace(".base_layer", "")]), name


def test_an_adapter_is_kept_and_comes_back_to_the_bit(folder: Path, tmp_path: Path) -> None:
    policy = load(folder, lora_rank=4)
    take_a_step(policy)
    policy.save(tmp_path / "adapter")
    again = load(tmp_path / "adapter")
    assert list(again.trainable()) == list(policy.trainable())
    for name, weight in again.weights().items():
        assert torch.equal(weight, policy.trainable()[name]), name
    assert tokens(again.sample(DRAWS)) == tokens(policy.sample(DRAWS))


def test_a_whole_model_learns_is_kept_and_comes_back_to_the_bit(
    folder: Path, tmp_path: Path
) -> None:
    policy = load(folder)
    take_a_step(policy)
    policy.save(tmp_path / "whole")
    again = load(tmp_path / "whole")
    assert torch.equal(logits(again.model, policy), logits(policy.model, policy))
    assert tokens(again.sample(DRAWS)) == tokens(policy.sample(DRAWS))

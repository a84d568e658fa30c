"""Adapters: what learns and what does not, twins and starts, folders that are and are not one."""

import json
import threading
from pathlib import Path

import pytest

pytest.importorskip("torch")

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from safetensors.torch import load_file, save_file
from transformers import AutoModelForCausalLM, PreTrainedModel

from covet import config
from covet.errors import ConfigError, EnvironmentNotReady, ModelError
from covet.policy.base import Draw
from covet.policy.hf import HFPolicy
from covet.records import Prompt
from tests.small_disk import small_disk

IDS = torch.tensor([[5, 9, 11, 40, 22]])
# peft 0.21 asks transformers 5.23 for an attribute that it is about to rename.
PEFT_WARNS = pytest.mark.filterwarnings("ignore:`is_gradient_checkpointing` is deprecated")


def load(folder: Path, *, seed: int = 0, **settings: object) -> HFPolicy:
    known = {"model": str(folder), "max_new_tokens": 16, "threads": 1, "batch": 8} | settings
    return HFPolicy(config.Policy.model_validate(known), autocast=False, seed=seed)


@pytest.fixture(params=[0, 4], ids=["whole", "adapter"])
def policy(request: pytest.FixtureRequest, llama_folder: Path) -> HFPolicy:
    return load(llama_folder, lora_rank=request.param)


@pytest.fixture
def adapter_folder(llama_folder: Path, tmp_path: Path) -> Path:
    """An adapter that has learned."""
    policy = load(llama_folder, lora_rank=4)
    learn(policy)
    policy.save(tmp_path / "adapter")
    return tmp_path / "adapter"


def learn(policy: HFPolicy, *, steps: int = 2) -> None:
    optimizer = torch.optim.AdamW(policy.trainable().values(), lr=0.02)
    for _ in range(steps):
        optimizer.zero_grad()
        policy.model(input_ids=IDS, labels=IDS).loss.backward()
        optimizer.step()


@torch.no_grad()
def logits(model: torch.nn.Module) -> torch.Tensor:
    return model(input_ids=IDS).logits


def assert_same(one: dict[str, torch.Tensor], other: dict[str, torch.Tensor]) -> None:
    assert list(one) == list(other)
    for name, tensor in one.items():
        assert torch.equal(tensor, other[name]), name


def draws() -> list[Draw]:
    texts = ("def test", "assert add(", "x")
    return [Draw(Prompt(t, t, "", "append"), samples=3, key=(0, t)) for t in texts]


# ------------------------------------------------------------------------------- what learns


def test_weights_come_back_to_the_bit_in_place_and_with_their_version(policy: HFPolicy) -> None:
    before, first = policy.weights(), dict(policy.trainable())
    learn(policy)
    assert any(not torch.equal(w, before[n]) for n, w in policy.trainable().items())
    policy.take(before, 7)
    assert_same(policy.weights(), before)
    assert policy.version == 7
    assert all(one is first[name] for name, one in policy.trainable().items())


def test_copies_of_weights_do_not_follow_what_is_learned(policy: HFPolicy) -> None:
    kept = policy.weights()
    values = {name: tensor.clone() for name, tensor in kept.items()}
    learn(policy)
    assert_same(kept, values)


def test_weights_of_another_model_are_refused_and_nothing_changes(policy: HFPolicy) -> None:
    before = policy.weights()
    name, tensor = next(iter(before.items()))
    for wrong in ({}, before | {name: tensor[:1]}, before | {"else": tensor}):
        with pytest.raises(ModelError, match="weights of another model"):
            policy.take(wrong, 3)
    assert_same(policy.weights(), before)
    assert policy.version == 0


def test_an_adapter_alone_learns_over_a_frozen_base(llama_folder: Path) -> None:
    policy = load(llama_folder, lora_rank=4, lora_targets=("q_proj", "v_proj"))
    assert len(policy.trainable()) == 2 * 2 * 2
    for name, one in policy.model.named_parameters():
        assert one.requires_grad == ("lora_" in name) == (name in policy.trainable())


def test_a_new_adapter_is_drawn_by_its_seed_and_nothing_else(llama_folder: Path) -> None:
    torch.manual_seed(5)
    state = torch.get_rng_state()
    one = load(llama_folder, lora_rank=4)
    assert torch.equal(torch.get_rng_state(), state)
    torch.manual_seed(6)
    assert_same(load(llama_folder, lora_rank=4).weights(), one.weights())
    other = load(llama_folder, lora_rank=4, seed=1).weights()
    assert any(not torch.equal(other[name], one.weights()[name]) for name in other)


def test_targets_that_no_layer_has_are_a_config_error(llama_folder: Path) -> None:
    with pytest.raises(ConfigError, match=r"policy\.lora_targets: .*nothing_like_it"):
        load(llama_folder, lora_rank=4, lora_targets=("nothing_like_it",))


def test_a_base_in_bfloat16_has_adapters_in_float32(llama_folder: Path, tmp_path: Path) -> None:
    policy = load(llama_folder, lora_rank=4, dtype="bfloat16")
    types = {one.dtype for one in policy.trainable().values()}
    assert types == {torch.float32}
    base = [one for name, one in policy.model.named_parameters() if "lora_" not in name]
    assert {one.dtype for one in base} == {torch.bfloat16}
    learn(policy)
    assert policy.sample(draws())[0][0].segments[0].token_ids
    policy.save(tmp_path / "adapter")
    again = load(tmp_path / "adapter", dtype="bfloat16")
    assert_same(again.weights(), policy.weights())
    assert torch.equal(logits(again.model), logits(policy.model))


def test_a_whole_model_in_bfloat16_samples_and_does_not_learn(llama_folder: Path) -> None:
    policy = load(llama_folder, dtype="bfloat16")
    assert policy.sample(draws())[0][0].segments[0].token_ids
    with pytest.raises(ConfigError, match=r"policy\.lora_rank.*or set policy\.dtype = float32"):
        policy.trainable()
    assert not any(one.requires_grad for one in policy.model.parameters())


# --------------------------------------------------------------------------- twins and starts


def test_a_twin_owns_what_learns_and_shares_the_rest(policy: HFPolicy) -> None:
    twin = policy.twin()
    mine = dict(policy.model.named_parameters())
    for name, one in twin.model.named_parameters():
        shares = one.data_ptr() == mine[name].data_ptr()
        assert shares == (name not in policy.trainable()), name
    assert twin.tokenizer is policy.tokenizer
    before = logits(twin.model)
    learn(policy)
    assert torch.equal(logits(twin.model), before)
    twin.take(policy.weights(), policy.version + 1)
    assert torch.equal(logits(twin.model), logits(policy.model))
    assert (twin.version, policy.version) == (1, 0)


def test_a_twin_samples_in_its_thread_while_the_policy_learns(policy: HFPolicy) -> None:
    expected = policy.sample(draws())
    twin, answers = policy.twin(), []
    thread = threading.Thread(target=lambda: answers.append(twin.sample(draws())))
    thread.start()
    learn(policy, steps=3)
    thread.join(timeout=60)
    assert answers == [expected]


def test_the_start_stays_where_training_began(policy: HFPolicy) -> None:
    first = logits(policy.model)
    learn(policy)
    policy.take(policy.weights(), 3)
    start = policy.start()
    assert torch.equal(logits(start), first)
    learn(policy)
    assert torch.equal(logits(start), first)
    assert not any(one.requires_grad for one in start.parameters())


def test_the_start_of_an_adapter_shares_its_base(llama_folder: Path) -> None:
    policy = load(llama_folder, lora_rank=4)
    start, mine = policy.start(), dict(policy.model.named_parameters())
    for name, one in start.named_parameters():
        assert (one.data_ptr() == mine[name].data_ptr()) == ("lora_" not in name)


def test_training_from_an_adapter_starts_and_is_measured_from_it(
    adapter_folder: Path, llama_folder: Path
) -> None:
    policy = load(adapter_folder)
    first = logits(policy.model)
    assert not torch.equal(first, logits(load(llama_folder).model))
    learn(policy)
    assert not torch.equal(logits(policy.model), first)
    assert torch.equal(logits(policy.start()), first)


# ----------------------------------------------------------------------------------- folders


def test_an_adapters_folder_is_the_adapter_and_its_bases_name(
    adapter_folder: Path, llama_folder: Path
) -> None:
    told = json.loads((adapter_folder / "adapter_config.json").read_text())
    assert told["base_model_name_or_path"] == str(llama_folder)
    assert (told["r"], told["task_type"]) == (4, "CAUSAL_LM")
    assert not (adapter_folder / "model.safetensors").exists()
    assert (adapter_folder / "tokenizer.json").exists()
    again = load(adapter_folder)
    again.save(adapter_folder.parent / "again")
    for name in ("adapter_config.json", "adapter_model.safetensors"):
        same = (adapter_folder.parent / "again" / name).read_bytes()
        assert same == (adapter_folder / name).read_bytes()


@PEFT_WARNS
def test_peft_reads_what_is_written(adapter_folder: Path, llama_folder: Path) -> None:
    plain = AutoModelForCausalLM.from_pretrained(llama_folder)
    theirs = PeftModel.from_pretrained(plain, adapter_folder)
    assert torch.equal(logits(theirs), logits(load(adapter_folder).model))


@PEFT_WARNS
@pytest.mark.parametrize(
    "more",
    [{}, {"use_rslora": True}, {"use_dora": True}, {"modules_to_save": ["norm"]}],
    ids=lambda more: next(iter(more), "plain"),
)
def test_what_peft_writes_is_read_and_goes_on_learning(
    llama_folder: Path, tmp_path: Path, more: dict[str, object]
) -> None:
    plain: PreTrainedModel = AutoModelForCausalLM.from_pretrained(llama_folder)
    settings = LoraConfig(
        task_type="CAUSAL_LM", r=3, lora_dropout=0.1, target_modules=["q_proj", "o_proj"], **more
    )
    theirs = get_peft_model(plain, settings).eval()
    with torch.no_grad():
        for one in theirs.parameters():
            if one.requires_grad:
                one.add_(0.05 * torch.randn(one.shape, generator=torch.Generator().manual_seed(1)))
    theirs.save_pretrained(tmp_path / "theirs")
    policy = load(tmp_path / "theirs")  # without a tokenizer of its own
    assert torch.allclose(logits(policy.model), logits(theirs), atol=1e-5)
    first = logits(policy.model)
    learn(policy)
    assert torch.equal(logits(policy.start()), first)
    policy.save(tmp_path / "ours")
    assert torch.equal(logits(load(tmp_path / "ours").model), logits(policy.model))


def test_an_adapter_is_restored_exactly_into_a_fresh_policy(
    llama_folder: Path, tmp_path: Path
) -> None:
    policy = load(llama_folder, lora_rank=4)
    first = logits(policy.model)
    learn(policy)
    policy.save(tmp_path / "kept")
    again = load(llama_folder, lora_rank=4, seed=9)
    mine = dict(again.trainable())
    again.restore(tmp_path / "kept")
    assert_same(again.weights(), policy.weights())
    assert all(one is mine[name] for name, one in again.trainable().items())
    assert torch.equal(logits(again.start()), first)


def test_what_cannot_be_restored_is_named(llama_folder: Path, tmp_path: Path) -> None:
    whole, adapter = load(llama_folder), load(llama_folder, lora_rank=4)
    whole.save(tmp_path / "whole")
    adapter.save(tmp_path / "adapter")
    with pytest.raises(ModelError, match="holds an adapter, and this policy is a whole model"):
        whole.restore(tmp_path / "adapter")
    with pytest.raises(ModelError, match="holds a whole model, and this policy is an adapter"):
        adapter.restore(tmp_path / "whole")
    with pytest.raises(ModelError, match="lora_alpha = 32, and that of this policy has 8"):
        load(llama_folder, lora_rank=4, lora_alpha=8).restore(tmp_path / "adapter")
    fewer = load(llama_folder, lora_rank=4, lora_targets=("q_proj",))
    with pytest.raises(ModelError, match=r"not an adapter of .*has besides"):
        fewer.restore(tmp_path / "adapter")


def test_an_adapter_keeps_the_card_of_its_base(llama_folder: Path, tmp_path: Path) -> None:
    load(llama_folder).save(tmp_path / "base")
    (tmp_path / "base" / "covet.json").write_text('{"template": "nano", "prompt_tokens": 30}')
    policy = load(tmp_path / "base", lora_rank=2)
    policy.save(tmp_path / "adapter")
    again = load(tmp_path / "adapter")
    assert (again.template, again.prompt_tokens) == ("nano", 30)


def test_a_base_beside_the_adapter_is_found(llama_folder: Path, tmp_path: Path) -> None:
    load(llama_folder).save(tmp_path / "both" / "base")
    load(tmp_path / "both" / "base", lora_rank=2).save(tmp_path / "both" / "adapter")
    path = tmp_path / "both" / "adapter" / "adapter_config.json"
    path.write_text(
        json.dumps(json.loads(path.read_text()) | {"base_model_name_or_path": "../base"})
    )
    (tmp_path / "both").rename(tmp_path / "moved")
    assert load(tmp_path / "moved" / "adapter").trainable()


def test_a_rank_that_is_not_the_adapters_is_a_config_error(adapter_folder: Path) -> None:
    assert load(adapter_folder, lora_rank=4).trainable()
    with pytest.raises(ConfigError, match=r"policy\.lora_rank is 8, and .* adapter of rank 4"):
        load(adapter_folder, lora_rank=8)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"base_model_name_or_path": "/nowhere/base"}, r"base model cannot be had.*/nowhere/base"),
        ({"base_model_name_or_path": None}, "names no base model"),
        ({"peft_type": "PREFIX_TUNING"}, "an adapter of kind PREFIX_TUNING"),
        ({"init_lora_weights": "pissa"}, "sets init_lora_weights, which Covet does not take"),
        (
            {"megatron_config": {"a": 1}, "megatron_core": "antigravity"},
            "sets megatron_config, which Covet does not take",
        ),
        ({"r": "many"}, "no adapter of its base"),
    ],
)
def test_a_description_that_cannot_be_used_is_a_model_error(
    adapter_folder: Path, change: dict[str, object], message: str
) -> None:
    path = adapter_folder / "adapter_config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(ModelError, match=message):
        load(adapter_folder)


def test_an_adapter_over_an_adapter_is_refused(adapter_folder: Path) -> None:
    path = adapter_folder / "adapter_config.json"
    told = json.loads(path.read_text()) | {"base_model_name_or_path": str(adapter_folder)}
    path.write_text(json.dumps(told))
    with pytest.raises(ModelError, match="is an adapter itself; merge that one first"):
        load(adapter_folder)


def test_weights_that_are_not_the_adapters_are_a_model_error(adapter_folder: Path) -> None:
    path = adapter_folder / "adapter_model.safetensors"
    tensors = load_file(path)
    name = min(tensors)
    save_file({key: one for key, one in tensors.items() if key != name}, path)
    with pytest.raises(ModelError, match=r"not an adapter of .*: it lacks .*lora_A"):
        load(adapter_folder)
    save_file(tensors | {name: tensors[name][:1]}, path)
    with pytest.raises(ModelError, match=r"not an adapter of .*size mismatch"):
        load(adapter_folder)
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(ModelError, match="not an adapter of"):
        load(adapter_folder)


def test_a_pickled_adapter_is_refused(adapter_folder: Path) -> None:
    path = adapter_folder / "adapter_model.safetensors"
    torch.save(load_file(path), adapter_folder / "adapter_model.bin")
    path.unlink()
    with pytest.raises(ModelError, match=r"has no adapter_model\.safetensors.*can run code"):
        load(adapter_folder)


def test_a_disk_that_is_full_leaves_nothing_behind(llama_folder: Path, tmp_path: Path) -> None:
    for rank, room in ((0, 30_000), (4, 4_000)):
        policy, folder = load(llama_folder, lora_rank=rank), tmp_path / f"rank-{rank}"
        with (
            small_disk(room),
            pytest.raises(EnvironmentNotReady, match=r"nothing of it was left\. Make room"),
        ):
            policy.save(folder)
        assert not folder.exists()
        policy.save(folder)
        assert load(folder).trainable()


def test_what_is_there_already_is_not_written_over(llama_folder: Path, tmp_path: Path) -> None:
    policy = load(llama_folder)
    policy.save(tmp_path / "kept")
    files = {path: path.read_bytes() for path in (tmp_path / "kept").iterdir()}
    with pytest.raises(ModelError, match="kept: is there already"):
        policy.save(tmp_path / "kept")
    assert {path: path.read_bytes() for path in (tmp_path / "kept").iterdir()} == files

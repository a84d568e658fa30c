"""Checkpoints: whole, small in number, exact."""

import os
import resource
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

pytest.importorskip("torch")

import torch
from transformers import AutoModelForCausalLM

from covet.errors import EnvironmentNotReady, ModelError
from covet.policy.hf import HFPolicy
from covet.train import checkpoint
from covet.train.checkpoint import Resumed
from covet.train.pipeline import Batch
from tests.train.toy import EXAMPLES, make_roll, settings


def make(folder: Path) -> tuple[HFPolicy, torch.optim.Optimizer]:
    policy = HFPolicy(settings(folder, steps=1).policy, autocast=False)
    return policy, torch.optim.AdamW(policy.model.parameters(), lr=0.01)


def take_steps(policy: HFPolicy, optimizer: torch.optim.Optimizer, *, count: int) -> None:
    for step in range(count):
        optimizer.zero_grad()
        ids = torch.tensor([[5 + step, 9, 11, 40]])
        policy.model(ids, labels=ids).loss.backward()
        optimizer.step()


def weights(policy: HFPolicy) -> list[torch.Tensor]:
    return [parameter.detach().clone() for parameter in policy.model.parameters()]


def equal(one: list[torch.Tensor], other: list[torch.Tensor]) -> bool:
    return all(torch.equal(a, b) for a, b in zip(one, other, strict=True))


def test_training_goes_on_from_a_checkpoint_to_the_same_bits(
    llama_folder: Path, tmp_path: Path
) -> None:
    policy, optimizer = make(llama_folder)
    take_steps(policy, optimizer, count=3)
    checkpoint.save(tmp_path, policy, optimizer, Resumed(3))
    take_steps(policy, optimizer, count=2)

    again, _ = make(llama_folder)
    folder = checkpoint.latest(tmp_path)
    assert folder is not None
    assert checkpoint.load(folder, again).step == again.version == 3
    fresh = torch.optim.AdamW(again.model.parameters(), lr=0.01)
    checkpoint.load_optimizer(folder, again, fresh)
    take_steps(again, fresh, count=2)
    assert equal(weights(again), weights(policy))


def test_an_optimizer_that_has_not_stepped_is_kept_too(llama_folder: Path, tmp_path: Path) -> None:
    policy, optimizer = make(llama_folder)
    folder = checkpoint.save(tmp_path, policy, optimizer, Resumed(0))
    checkpoint.load_optimizer(folder, policy, optimizer)
    assert not optimizer.state


def test_a_checkpoint_is_an_ordinary_model_folder(llama_folder: Path, tmp_path: Path) -> None:
    policy, optimizer = make(llama_folder)
    take_steps(policy, optimizer, count=1)
    folder = checkpoint.save(tmp_path, policy, optimizer, Resumed(1))
    plain = AutoModelForCausalLM.from_pretrained(folder)
    assert equal([p.detach() for p in plain.parameters()], weights(policy))


def test_only_the_last_two_are_kept(llama_folder: Path, tmp_path: Path) -> None:
    policy, optimizer = make(llama_folder)
    for step in (1, 2, 3, 10):
        checkpoint.save(tmp_path, policy, optimizer, Resumed(step))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["step-000003", "step-000010"]
    assert checkpoint.latest(tmp_path) == tmp_path / "step-000010"


class Killed(BaseException):
    """Stands for a kill: nothing of ours handles it."""


DISK_CALLS = (
    (os, "fsync"),
    (os, "open"),
    (os, "unlink"),
    (os, "rmdir"),
    (Path, "rename"),
    (Path, "write_bytes"),
)


def kill_at(count: int, patch: pytest.MonkeyPatch) -> None:
    """End the work before its ``count``-th call that changes the disk."""
    calls = iter(range(1, 10_000))

    def counted(call: Callable[..., object]) -> Callable[..., object]:
        def wrapper(*args: object, **kwargs: object) -> object:
            if next(calls) == count:
                raise Killed
            return call(*args, **kwargs)

        return wrapper

    for owner, name in DISK_CALLS:
        patch.setattr(owner, name, counted(getattr(owner, name)))


def test_a_kill_at_any_moment_of_a_save_leaves_a_checkpoint_that_loads(
    llama_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy, optimizer = make(llama_folder)
    take_steps(policy, optimizer, count=1)
    checkpoint.save(tmp_path, policy, optimizer, Resumed(1))
    checkpoint.save(tmp_path, policy, optimizer, Resumed(2))
    step, moment, finished = 2, 0, False
    while not finished:
        moment += 1
        with monkeypatch.context() as patch:
            kill_at(moment, patch)
            try:
                checkpoint.save(tmp_path, policy, optimizer, Resumed(step + 1))
                finished = True
            except Killed:
                pass
        folder = checkpoint.latest(tmp_path)
        assert folder in (tmp_path / f"step-{step:06d}", tmp_path / f"step-{step + 1:06d}")
        step = checkpoint.load(folder, policy).step
        checkpoint.load_optimizer(folder, policy, optimizer)
    assert moment > 15
    checkpoint.save(tmp_path, policy, optimizer, Resumed(step))
    assert len(list(tmp_path.iterdir())) == 2


def test_folders_that_are_no_whole_checkpoint_are_passed_over(
    llama_folder: Path, tmp_path: Path
) -> None:
    policy, optimizer = make(llama_folder)
    checkpoint.save(tmp_path, policy, optimizer, Resumed(1))
    for name in ("step-000005", ".step-000006.part", "notes"):
        (tmp_path / name).mkdir()
    assert checkpoint.latest(tmp_path) == tmp_path / "step-000001"
    assert checkpoint.latest(tmp_path / "absent") is None


def test_an_optimizer_of_another_model_is_a_model_error(
    llama_folder: Path, gpt2_folder: Path, tmp_path: Path
) -> None:
    policy, optimizer = make(llama_folder)
    take_steps(policy, optimizer, count=1)
    folder = checkpoint.save(tmp_path, policy, optimizer, Resumed(1))
    other, fresh = make(gpt2_folder)
    with pytest.raises(ModelError, match="not of this model and run"):
        checkpoint.load_optimizer(folder, other, fresh)


@pytest.mark.parametrize("name", ["state.json", "model.safetensors", "ahead.jsonl"])
def test_a_file_that_is_spoilt_names_the_folder_to_delete(
    llama_folder: Path, tmp_path: Path, name: str
) -> None:
    policy, optimizer = make(llama_folder)
    folder = checkpoint.save(tmp_path, policy, optimizer, Resumed(1))
    (folder / name).write_text("{\n")
    with pytest.raises(ModelError, match=f"delete {folder} to resume"):
        checkpoint.load(folder, policy)


def test_what_steps_to_come_need_is_kept_with_the_weights(
    llama_folder: Path, tmp_path: Path
) -> None:
    policy, optimizer = make(llama_folder)
    older = {1: policy.weights()}
    take_steps(policy, optimizer, count=1)
    group = make_roll(settings(llama_folder, steps=1))(policy, EXAMPLES[:1], 2)
    run = Resumed(2, {"a": [(0, 0.25)]}, older, {2: Batch(group, refilled=3)})
    folder = checkpoint.save(tmp_path, policy, optimizer, run)
    back = checkpoint.load(folder, policy)
    assert (back.step, back.solved, back.ahead) == (run.step, run.solved, run.ahead)
    assert back.older.keys() == {1}
    assert all(torch.equal(value, older[1][name]) for name, value in back.older[1].items())


def test_a_full_disk_is_told_and_leaves_the_checkpoint_before(
    llama_folder: Path, tmp_path: Path
) -> None:
    policy, optimizer = make(llama_folder)
    checkpoint.save(tmp_path, policy, optimizer, Resumed(1))
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    kept = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2048, limits[1]))
    try:
        with pytest.raises(EnvironmentNotReady, match="the checkpoints before it are whole"):
            checkpoint.save(tmp_path, policy, optimizer, Resumed(2))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, kept)
    last = checkpoint.latest(tmp_path)
    assert last is not None
    assert [path.name for path in tmp_path.iterdir()] == ["step-000001"]
    checkpoint.load(last, policy)

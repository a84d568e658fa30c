"""Checkpoints: a step's weights and all that going on from there needs, whole or not there.

``root/step-000010`` is an ordinary model folder with more files: ``optimizer.safetensors``, the
optimizer's tensors as ``<tensor>/<parameter>``; ``state.json``, the step and how examples did;
``version-000009.safetensors``, the weights of earlier versions that steps to come are sampled from;
``ahead.jsonl``, rollouts of steps to come that were ready. It is written beside, forced to disk
and renamed, so a kill or a power cut at any moment leaves the earlier ones whole; names that begin
with a dot are leftovers and are swept by the next ``save``. Loading runs no code (no pickle). What
else a run needs is a function of the step and the settings.
"""

import os
import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

from covet.errors import DataError, EnvironmentNotReady, ModelError
from covet.policy import shards
from covet.policy.hf import HFPolicy
from covet.records import Group
from covet.runlog import encode, read_jsonl
from covet.train import ranks
from covet.train.pipeline import Batch, Weights

KEEP = 2
_NAME = re.compile(r"step-(\d+)")
_OPTIMIZER, _STATE, _AHEAD = "optimizer.safetensors", "state.json", "ahead.jsonl"
_OLDER = "version-{:06d}.safetensors"


class State(msgspec.Struct, frozen=True):
    """``state.json``."""

    step: int
    """How many steps the weights have learned from."""
    solved: dict[str, list[tuple[int, float]]] = {}
    older: list[int] = []


@dataclass(frozen=True, slots=True)
class Resumed:
    """Where a run stands; as made, at its beginning."""

    step: int = 0
    solved: Mapping[str, Sequence[tuple[int, float]]] = field(default_factory=dict)
    """By example: steps, and the share of its rollouts that solved it there."""
    older: Mapping[int, Weights] = field(default_factory=dict)
    """By version: weights that steps to come are sampled from, beyond the policy's."""
    ahead: Mapping[int, Batch] = field(default_factory=dict)
    """By step: rollouts that are ready and not learned from."""


@dataclass(frozen=True, slots=True)
class _Ahead:
    """One line of ``ahead.jsonl``."""

    step: int
    refilled: int
    groups: list[Group]


def save(root: Path, policy: HFPolicy, optimizer: torch.optim.Optimizer, run: Resumed) -> Path:
    """Write the checkpoint of ``run.step``, unless it is there; keep the last ``KEEP``. Of several
    processes all come here, because weights may be parted, and the first writes.
    """
    tensors = _tensors(policy, optimizer)
    weights = policy.weights() if policy.is_parted else {}
    if ranks.number() == 0:
        _save(root, policy.united(weights), tensors, run)
    return root / f"step-{run.step:06d}"


def _save(root: Path, policy: HFPolicy, tensors: Mapping[str, Tensor], run: Resumed) -> None:
    root.mkdir(parents=True, exist_ok=True)
    for leftover in root.glob(".step-*"):
        shutil.rmtree(leftover)
    folder = root / f"step-{run.step:06d}"
    if not folder.exists():
        part = root / f".{folder.name}.part"
        try:
            policy.save(part)
            _write(part, tensors, run)
        except (OSError, SafetensorError, EnvironmentNotReady) as error:
            shutil.rmtree(part, ignore_errors=True)
            raise EnvironmentNotReady(
                f"{folder}: cannot be written ({error}); the checkpoints before it are whole. Make"
                " room and go on with --resume"
            ) from error
        part.rename(folder)
        _to_disk(root)
    for _, old in _complete(root)[:-KEEP]:
        # Renamed first: a folder of a checkpoint's name is never a part of one.
        shutil.rmtree(old.rename(root / f".{old.name}.old"))


def _write(part: Path, tensors: Mapping[str, Tensor], run: Resumed) -> None:
    save_file(dict(tensors), part / _OPTIMIZER)
    for version, weights in run.older.items():
        save_file(dict(weights), part / _OLDER.format(version))
    rows = [_Ahead(step, batch.refilled, batch.groups) for step, batch in run.ahead.items()]
    (part / _AHEAD).write_bytes(b"".join(encode(row) + b"\n" for row in rows))
    solved = {name: list(shares) for name, shares in run.solved.items()}
    state = State(run.step, solved, sorted(run.older))
    (part / _STATE).write_bytes(msgspec.json.encode(state))
    for path in (*part.rglob("*"), part):
        _to_disk(path)


def keep(policy: HFPolicy, root: Path) -> Path:
    """The policy as ``model`` in a run directory, an ordinary model folder, whole or not there."""
    folder, part = root / "model", root / ".model.part"
    for leftover in (folder, part):
        shutil.rmtree(leftover, ignore_errors=True)
    policy.save(part)
    part.rename(folder)
    return folder


def latest(root: Path) -> Path | None:
    """The folder of the last whole checkpoint, if there is one."""
    complete = _complete(root)
    return complete[-1][1] if complete else None


def load(folder: Path, policy: HFPolicy) -> Resumed:
    """Give the policy the checkpoint's weights and version; its optimizer: ``load_optimizer``."""
    try:
        state = msgspec.json.decode((folder / _STATE).read_bytes(), type=State)
        policy.restore(folder)
        policy.version = state.step
        older = {version: load_file(folder / _OLDER.format(version)) for version in state.older}
        rows = read_jsonl(folder / _AHEAD, _Ahead)
        ahead = {row.step: Batch(row.groups, row.refilled) for row in rows}
    except (OSError, SafetensorError, msgspec.DecodeError, DataError, ModelError) as error:
        raise _spoilt(folder, error) from error
    return Resumed(state.step, state.solved, older, ahead)


def load_optimizer(folder: Path, policy: HFPolicy, optimizer: torch.optim.Optimizer) -> None:
    """Give an optimizer of what the policy trains the tensors that ``save`` wrote."""
    parameters = policy.trainable()
    try:
        tensors = load_file(folder / _OPTIMIZER)
        for key, tensor in tensors.items():
            kind, _, name = key.partition("/")
            parameter = parameters[name]
            # Adam's step counts stay on the processor; the rest lies as its parameter does.
            beside = tensor.shape == parameter.shape
            known = shards.parted_like(parameter, tensor) if beside else tensor
            optimizer.state[parameter][kind] = known
    except (OSError, SafetensorError, KeyError) as error:
        raise _spoilt(folder / _OPTIMIZER, error) from error


def _spoilt(path: Path, error: Exception) -> ModelError:
    folder = path if path.is_dir() else path.parent
    return ModelError(
        f"{path}: not of this model and run ({error}); delete {folder} to resume from the "
        "checkpoint before it"
    )


def _tensors(policy: HFPolicy, optimizer: torch.optim.Optimizer) -> dict[str, Tensor]:
    """Of a parted one in main memory, one after the other; only the first process keeps them."""
    found: dict[str, Tensor] = {}
    for name, parameter in policy.trainable().items():
        for kind, tensor in optimizer.state.get(parameter, {}).items():
            known = shards.copy_of(tensor) if shards.is_part(tensor) else tensor
            if ranks.number() == 0:
                found[f"{kind}/{name}"] = known
    return found


def _complete(root: Path) -> list[tuple[int, Path]]:
    if not root.is_dir():
        return []
    return sorted(
        (int(match[1]), path)
        for path in root.iterdir()
        if (match := _NAME.fullmatch(path.name)) and (path / _STATE).is_file()
    )


def _to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

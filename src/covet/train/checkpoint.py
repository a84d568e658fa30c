"""Checkpoints: a step's weights and optimizer, whole or not there.

``root/step-000010`` is an ordinary model folder with two more files: ``optimizer.safetensors``, the
optimizer's tensors as ``<tensor>/<parameter>``, and ``state.json``, the step. It is written beside,
forced to disk and renamed, so a kill or a power cut at any moment leaves the earlier ones whole;
names that begin with a dot are leftovers and are swept by the next ``save``. Loading runs no code
(no pickle). What else a run needs is a function of the step and the settings.
"""

import os
import re
import shutil
from pathlib import Path

import msgspec
import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file

from covet.errors import ModelError
from covet.policy.hf import HFPolicy

KEEP = 2
_NAME = re.compile(r"step-(\d+)")
_OPTIMIZER, _STATE = "optimizer.safetensors", "state.json"


class State(msgspec.Struct, frozen=True):
    """``state.json``."""

    step: int
    """How many optimizer steps the weights have seen."""


def save(root: Path, policy: HFPolicy, optimizer: torch.optim.Optimizer, *, step: int) -> Path:
    """Write the checkpoint of ``step``, unless it is there; keep the last ``KEEP``."""
    root.mkdir(parents=True, exist_ok=True)
    for leftover in root.glob(".step-*"):
        shutil.rmtree(leftover)
    folder = root / f"step-{step:06d}"
    if not folder.exists():
        part = root / f".{folder.name}.part"
        policy.save(part)
        save_file(_tensors(policy.model, optimizer), part / _OPTIMIZER)
        (part / _STATE).write_bytes(msgspec.json.encode(State(step)))
        for path in (*part.rglob("*"), part):
            _to_disk(path)
        part.rename(folder)
        _to_disk(root)
    for _, old in _complete(root)[:-KEEP]:
        # Renamed first: a folder of a checkpoint's name is never a part of one.
        shutil.rmtree(old.rename(root / f".{old.name}.old"))
    return folder


def latest(root: Path) -> Path | None:
    """The folder of the last whole checkpoint, if there is one."""
    complete = _complete(root)
    return complete[-1][1] if complete else None


def load(folder: Path, policy: HFPolicy) -> State:
    """Give the policy the checkpoint's weights and version; its optimizer: ``load_optimizer``."""
    state = _read_state(folder)
    policy.restore(folder)
    policy.version = state.step
    return state


def load_optimizer(folder: Path, model: torch.nn.Module, optimizer: torch.optim.Optimizer) -> None:
    """Give an optimizer over the model's parameters the tensors that ``save`` wrote."""
    parameters = dict(model.named_parameters())
    try:
        tensors = load_file(folder / _OPTIMIZER)
        for key, tensor in tensors.items():
            kind, _, name = key.partition("/")
            parameter = parameters[name]
            # Adam's step counts stay on the processor; the rest lies beside its parameter.
            place = parameter.device if tensor.shape == parameter.shape else tensor.device
            optimizer.state[parameter][kind] = tensor.to(place)
    except (OSError, SafetensorError, KeyError) as error:
        raise ModelError(
            f"{folder / _OPTIMIZER}: not the optimizer of this model ({error}); delete {folder} "
            "to resume from the checkpoint before it"
        ) from error


def _tensors(model: torch.nn.Module, optimizer: torch.optim.Optimizer) -> dict[str, torch.Tensor]:
    return {
        f"{kind}/{name}": tensor
        for name, parameter in model.named_parameters()
        for kind, tensor in optimizer.state.get(parameter, {}).items()
    }


def _read_state(folder: Path) -> State:
    try:
        return msgspec.json.decode((folder / _STATE).read_bytes(), type=State)
    except (OSError, msgspec.DecodeError) as error:
        raise ModelError(f"{folder}: no checkpoint of a training run: {error}") from error


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

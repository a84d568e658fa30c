"""Weights that are parted over processes which learn together (FSDP2).

Each process holds a part of every tensor, and with it of its gradient and of the optimizer's state.
A layer's weights are put together where it computes. Gradients of all processes are added up, not
averaged, as they are where nothing is parted.

What puts weights together is done by all processes at once, in the same order: every forward pass,
``whole`` and ``copy_of``.
"""

import warnings
from typing import Any, cast

import torch
import torch.distributed as dist
from torch import Tensor
from transformers import PreTrainedModel

from covet.errors import ConfigError


def part(model: PreTrainedModel) -> None:
    """In place: its layers, and what is outside of them. ``ConfigError`` where that cannot be."""
    from torch.distributed.device_mesh import init_device_mesh
    from torch.distributed.fsdp import FSDPModule, fully_shard

    if not hasattr(FSDPModule, "set_force_sum_reduction_for_comms"):
        raise ConfigError(
            f"train.shard needs a newer torch than {torch.__version__}, whose FSDP2 can add"
            " gradients up; upgrade it, or set train.shard = false"
        )
    # Hidden states leave it as a part of a larger tensor, and nobody writes into them.
    warnings.filterwarnings("ignore", message="FSDP2-wrapped module .* returned a view tensor")
    mesh = init_device_mesh(model.device.type, (dist.get_world_size(),))
    names = set(model._no_split_modules or ())  # noqa: SLF001  (where it says what a layer is)
    layers = [module for module in model.modules() if type(module).__name__ in names]
    if not layers:
        raise ConfigError(
            f"train.shard: {type(model).__name__} does not say what its layers are, so that they"
            " could be parted one by one; set train.shard = false"
        )
    for module in layers:
        fully_shard(module, mesh=mesh)
    fully_shard(model, mesh=mesh)
    for module in model.modules():
        if isinstance(module, FSDPModule):
            module.set_gradient_divide_factor(1.0)
            module.set_force_sum_reduction_for_comms(True)


def _together() -> bool:
    """Else nothing can be parted, and what parts is not imported: it takes a while."""
    return dist.is_available() and dist.is_initialized()


def is_part(tensor: Tensor) -> bool:
    if not _together():
        return False
    from torch.distributed.tensor import DTensor

    return isinstance(tensor, DTensor)


def is_parted(model: torch.nn.Module) -> bool:
    if not _together():
        return False
    from torch.distributed.fsdp import FSDPModule

    return isinstance(model, FSDPModule)


def settle(model: torch.nn.Module) -> None:
    """After a pass that nothing goes back through: hold parts again."""
    for module in model.modules() if is_parted(model) else ():
        if is_parted(module):
            cast("Any", module).reshard()


def whole(tensor: Tensor) -> Tensor:
    return cast("Any", tensor).full_tensor() if is_part(tensor) else tensor


def copy_of(tensor: Tensor) -> Tensor:
    """All of it, detached; of a parted one in main memory."""
    known = tensor.detach()
    return whole(known).cpu() if is_part(known) else known.clone()


def parted_like(tensor: Tensor, known: Tensor) -> Tensor:
    """``known``, which every process has whole, parted as ``tensor`` is, if it is."""
    known = known.to(tensor.device)
    if not is_part(tensor):
        return known
    from torch.distributed.tensor import distribute_tensor

    part = cast("Any", tensor)
    return distribute_tensor(known, part.device_mesh, part.placements, src_data_rank=None)

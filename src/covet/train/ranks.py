"""Several processes that learn together: each takes a share, and gradients are added up.

They are started by ``torchrun`` or ``accelerate launch``, and hold the same weights. A loss is
divided by what all of them learn from, so that the sum of their gradients is the gradient that one
process would have found. With one process nothing here does anything.
"""

import os
from collections.abc import Iterable, Sequence
from dataclasses import astuple
from typing import TypeVar

import torch
import torch.distributed as dist

from covet.train.loss import TokenSums

T = TypeVar("T")


def join() -> None:
    """Take part in the group of processes that this one was started in, if it was in any."""
    if "RANK" in os.environ and "WORLD_SIZE" in os.environ and not dist.is_initialized():
        if torch.cuda.is_available():
            local = int(os.environ.get("LOCAL_RANK", "0"))
            torch.cuda.set_device(local % torch.cuda.device_count())
        dist.init_process_group("nccl" if torch.cuda.is_available() else "gloo")


def leave() -> None:
    if dist.is_initialized():
        dist.destroy_process_group()


def number() -> int:
    """From 0, who writes the run directory."""
    return dist.get_rank() if dist.is_initialized() else 0


def count() -> int:
    return dist.get_world_size() if dist.is_initialized() else 1


def of_first(value: T) -> T:
    """What the first process has there. Until it comes to this line all others wait."""
    if count() == 1:
        return value
    told = [value]
    dist.broadcast_object_list(told, src=0)
    return told[0]


def share(items: Sequence[T]) -> Sequence[T]:
    """The part of this process."""
    return items[number() :: count()]


def rounds(items: int, *, size: int) -> int:
    """Parts of at most ``size`` that the largest share of so many items has."""
    largest = -(-items // count())
    return -(-largest // size)


def gather(mine: Sequence[T]) -> list[T]:
    """What all processes have, as if ``share`` had not parted it."""
    if count() == 1:
        return list(mine)
    parts: list[Sequence[T]] = [()] * count()
    dist.all_gather_object(parts, list(mine))
    whole = sum(map(len, parts))
    return [parts[place % count()][place // count()] for place in range(whole)]


def add_up(
    loss: float, sums: TokenSums, parameters: Iterable[torch.nn.Parameter]
) -> tuple[float, TokenSums]:
    """The gradients of the parameters, in place, and what is told of them. Gradients of parted
    parameters have been added up before.
    """
    if count() == 1:
        return loss, sums
    for parameter in parameters:
        if parameter.grad is None:
            parameter.grad = torch.zeros_like(parameter)
        dist.all_reduce(parameter.grad)
    told = torch.tensor([loss, *astuple(sums)], dtype=torch.float64)
    told = told.to("cuda") if torch.cuda.is_available() else told
    dist.all_reduce(told)
    total, *rest = told.tolist()
    return total, TokenSums(*rest)

"""The optimizer of what a policy trains, and one step of it."""

import math

import torch

from covet.errors import ModelError
from covet.policy import shards
from covet.policy.hf import HFPolicy


def make(policy: HFPolicy, *, learning_rate: float) -> torch.optim.Optimizer:
    """AdamW (Loshchilov and Hutter 2019, arXiv:1711.05101) without decay."""
    return torch.optim.AdamW(
        policy.trainable().values(), lr=learning_rate, betas=(0.9, 0.95), weight_decay=0.0
    )


def take_step(
    optimizer: torch.optim.Optimizer,
    policy: HFPolicy,
    *,
    loss: float,
    learning_rate: float,
    max_grad_norm: float,
    where: str,
    setting: str,
) -> float:
    """Along the gradient that is there; its norm before it was clipped.

    ``ModelError``, and the weights as they were, where the loss or the norm is no number: ``where``
    says in which step, ``setting`` which learning rate to lower.
    """
    clipped = torch.nn.utils.clip_grad_norm_(policy.trainable().values(), max_grad_norm)
    norm = shards.whole(clipped).item()
    if not (math.isfinite(loss) and math.isfinite(norm)):
        raise ModelError(
            f"{where}: the loss is {loss} and its gradient's norm {norm}; nothing was saved after"
            f" the last checkpoint. Try a lower {setting}"
        )
    for parameters in optimizer.param_groups:
        parameters["lr"] = learning_rate
    optimizer.step()
    return norm

"""What a model thinks of the tokens of a batch.

The caller sets the precision (``HFPolicy.precision``), which must be that of sampling: else the
ratio to the sampling policy is off from the start.
"""

import inspect
from typing import Any

import torch
from torch import Tensor
from transformers import PreTrainedModel

from covet.train.batch import Batch


def token_table(model: PreTrainedModel, batch: Batch, *, temperature: float) -> Tensor:
    """Log-probabilities [B, C, V], float32, of every token in the place of each target."""
    targets = batch.mask.shape[1]
    accepted = inspect.signature(model.forward).parameters
    given: dict[str, Any] = {}
    if "position_ids" in accepted:
        given["position_ids"] = (batch.attention.cumsum(dim=1) - 1).clamp(min=0)
    if "logits_to_keep" in accepted:
        given["logits_to_keep"] = targets + 1
    output = model(
        input_ids=batch.token_ids, attention_mask=batch.attention, use_cache=False, **given
    )
    logits = output.logits[:, -targets - 1 : -1]  # a token is scored where the one before it stands
    return torch.log_softmax(logits.float() / temperature, dim=-1)


def chosen(table: Tensor, batch: Batch) -> Tensor:
    """Log-probabilities [B, C] of the targets."""
    return table.gather(-1, batch.targets[..., None])[..., 0]


def entropy(table: Tensor) -> Tensor:
    """Of each distribution of a table: [B, C], in nats; without gradient."""
    return torch.special.entr(table.detach().exp()).sum(dim=-1)

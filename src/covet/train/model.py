"""What a model thinks of the tokens of a batch.

The caller sets the precision (``HFPolicy.precision``), which must be that of sampling: else the
ratio to the sampling policy is off from the start.

``scores`` gives what learning needs of each distribution, the log-probability of one token and the
entropy, without ever holding more than ``CHUNK_BYTES`` of logits: they are made from the last
hidden states, a part of the tokens at a time, and made again on the way back. A prompt of several
rows is read once, and its keys and values serve them all, gradients included.
"""

import inspect
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, cast

import torch
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint
from transformers import DynamicCache
from transformers.cache_utils import DynamicLayer, DynamicSlidingWindowLayer

from covet.policy import shards
from covet.train.batch import Batch

CHUNK_BYTES = 128 << 20
"""Of logits in float32 that are held at a time."""
_LOWEST = -1e4
"""Log-probability below which a token adds nothing to an entropy."""
_AFTER_THE_HEAD = ("final_logit_softcapping", "logit_scale", "logits_scaling")
"""Settings of models that do more with logits than multiply hidden states by a matrix."""


def scores(
    model: nn.Module, batch: Batch, *, temperature: float, entropy: bool = False
) -> tuple[Tensor, Tensor]:
    """Log-probabilities [B, C] of the targets, and the entropies [B, C], in nats, of the
    distributions in their places; float32, zero where masked. ``entropy``: with its gradient.
    Where nothing has a gradient the entropies are not worked out, and zero.
    """
    states, head = _states(model, batch)
    rows, targets = states[batch.mask], batch.targets[batch.mask]  # [N, H], [N]
    size = max(1, CHUNK_BYTES // (4 * vocabulary(model)))
    found: list[tuple[Tensor, Tensor]] = []
    for start in range(0, len(rows), size):
        given = rows[start : start + size], targets[start : start + size]
        if len(rows) <= size:
            found.append(_scored(head, *given, temperature, entropy))
        else:
            again = checkpoint(_scored, head, *given, temperature, entropy, use_reentrant=False)
            found.append(cast("tuple[Tensor, Tensor]", again))
    blank = torch.zeros(batch.mask.shape, device=rows.device)
    return (
        blank.masked_scatter(batch.mask, torch.cat([logprobs for logprobs, _ in found])),
        blank.masked_scatter(batch.mask, torch.cat([entropies for _, entropies in found])),
    )


def vocabulary(model: nn.Module) -> int:
    """How many tokens the model chooses from."""
    return int(cast("Tensor", _head(model).weight).shape[0])


def token_table(model: nn.Module, batch: Batch, *, temperature: float) -> Tensor:
    """Log-probabilities [B, C, V], float32, of every token in the place of each target."""
    return torch.log_softmax(_logits(model, batch).float() / temperature, dim=-1)


def chosen(table: Tensor, batch: Batch) -> Tensor:
    """Log-probabilities [B, C] of the targets."""
    return table.gather(-1, batch.targets[..., None])[..., 0]


def _scored(
    head: nn.Module, states: Tensor, targets: Tensor, temperature: float, wants_entropy: bool
) -> tuple[Tensor, Tensor]:
    """Of [N, H] states and [N] targets: log-probabilities and entropies, each [N]."""
    logits = head(states).float()
    table = torch.log_softmax(logits if temperature == 1.0 else logits / temperature, dim=-1)
    logprobs = table.gather(-1, targets[:, None])[:, 0]
    if not torch.is_grad_enabled():
        return logprobs, torch.zeros_like(logprobs)
    with torch.set_grad_enabled(wants_entropy):
        return logprobs, -(table.exp() * table.clamp(min=_LOWEST)).sum(dim=-1)


def _states(model: nn.Module, batch: Batch) -> tuple[Tensor, nn.Module]:
    """What the head makes logits of, [B, C, H], and the head; the logits themselves and a head
    that leaves them as they are, where the model does more than that.
    """
    settings = cast("Any", model).config
    if any(getattr(settings, name, None) not in (None, 1, 1.0) for name in _AFTER_THE_HEAD):
        return _logits(model, batch), nn.Identity()
    head = _head(model)
    with _passed_through(head):
        return _logits(model, batch), head


def _logits(model: nn.Module, batch: Batch) -> Tensor:
    """[B, C, V]: a token is scored where the one before it stands."""
    targets = batch.mask.shape[1]
    width = batch.token_ids.shape[1] - targets  # of the prompts
    forward = _Forward(model, batch)
    heads, owners = _prompts(batch)
    cache = DynamicCache(config=cast("Any", model).config)
    alone = len(heads) == len(owners) or shards.is_parted(model)  # all processes pass as often
    if alone or any(type(layer) not in _HANDED_ON for layer in cache.layers):
        return forward(slice(None), slice(0, None), keep=targets + 1)[:, :-1]
    first = forward(heads, slice(0, width), keep=1, cache=cache)[owners]
    if targets == 1:
        return first
    cache.reorder_cache(cast("torch.LongTensor", owners))
    rest = forward(slice(None), slice(width, -1), keep=targets - 1, cache=cache)
    return torch.cat([first, rest], dim=1)


_HANDED_ON = (DynamicLayer, DynamicSlidingWindowLayer)
"""Layers of a cache that several tokens at once can be read on top of."""


def _prompts(batch: Batch) -> tuple[Tensor, Tensor]:
    """A row for each distinct prompt, [D], and of each row which of these it has, [B]."""
    width = batch.token_ids.shape[1] - batch.mask.shape[1]
    both = torch.cat([batch.token_ids[:, :width], batch.attention[:, :width]], dim=1).tolist()
    distinct: dict[tuple[int, ...], int] = {}
    owners = [distinct.setdefault(tuple(row), len(distinct)) for row in both]
    heads = [owners.index(place) for place in range(len(distinct))]
    device = batch.token_ids.device
    return torch.tensor(heads, device=device), torch.tensor(owners, device=device)


@dataclass(frozen=True, slots=True)
class _Forward:
    """Calls a model on rows and columns of a batch, with what else it takes."""

    model: nn.Module
    batch: Batch

    def __call__(
        self,
        rows: Tensor | slice,
        columns: slice,
        *,
        keep: int,
        cache: DynamicCache | None = None,
    ) -> Tensor:
        """The logits of the last ``keep`` columns, [rows, keep, V]. What is in the cache stands
        before the columns.
        """
        attention = self.batch.attention[rows]
        accepted = inspect.signature(self.model.forward).parameters
        given: dict[str, Any] = {}
        if "position_ids" in accepted:
            given["position_ids"] = (attention.cumsum(dim=1) - 1).clamp(min=0)[:, columns]
        if "logits_to_keep" in accepted:
            given["logits_to_keep"] = keep
        output = self.model(
            input_ids=self.batch.token_ids[rows][:, columns],
            attention_mask=attention[:, : columns.stop],
            past_key_values=cache,
            use_cache=cache is not None,
            **given,
        )
        return output.logits[:, -keep:]


def _head(model: nn.Module) -> nn.Module:
    return cast("Any", model).get_output_embeddings()


def _same(states: Tensor) -> Tensor:
    return states


@contextmanager
def _passed_through(head: nn.Module) -> Iterator[None]:
    """Calling the head gives back what it is given."""
    head.forward = _same
    try:
        yield
    finally:
        del head.forward

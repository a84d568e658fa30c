"""Completions one token at a time: the loop behind ``covet.policy.hf``.

Prompts and uniform random numbers enter; tokens with their log-probabilities leave. It works with
any causal language model of ``transformers`` that keeps a cache of keys and values.

Each distinct prompt is read once and its cache copied to its samples; the cache has room in
reserve, so that a token is written into it and nothing is moved; a sequence that has ended leaves
the batch at once, and the last one takes its place. ``bench/decoder.py`` measures it.
"""

import hashlib
import inspect
import json
from collections.abc import Sequence
from typing import Any, cast

import numpy as np
import torch
from torch import Tensor
from transformers import DynamicCache, PreTrainedModel
from transformers.cache_utils import DynamicLayer

from covet.errors import ModelError

ROOM = 128
"""Tokens that the cache grows by."""
BLOCK = 128
"""Tokens of the vocabulary that are summed up first where one is drawn."""


class Decoder:
    """Steps a batch of sequences one token at a time: ``prefill``, then ``choose`` and ``advance``
    by turns.

    A place is where the caller has a sequence, in the order of the prompts, less those forgotten. A
    row is where the model's batch has it.
    """

    def __init__(self, model: PreTrainedModel, *, temperature: float) -> None:
        self._model = model
        self._temperature = temperature
        accepted = inspect.signature(model.forward).parameters
        if "past_key_values" not in accepted:
            raise ModelError(
                f"{type(model).__name__} keeps no keys and values of earlier tokens, and so cannot "
                "be sampled from token by token; serve it, and set policy.endpoint"
            )
        self._takes_positions = "position_ids" in accepted
        self._last_only = {"logits_to_keep": 1} if "logits_to_keep" in accepted else {}
        self._cache = with_room(DynamicCache(config=model.config))
        self._mask: Tensor | None = None  # [B, tokens so far], 1 on tokens; None: no padding
        self._positions = torch.empty(0)  # [B, 1], of the newest tokens
        self._logits = torch.empty(0)  # [B, V], of the next tokens
        self._rows = torch.empty(0)  # [B], of each place

    def prefill(self, prompts: Sequence[tuple[int, ...]]) -> None:
        """Read the prompts; equal neighbours once. Shorter ones are padded on the left."""
        distinct: list[tuple[int, ...]] = []
        owners: list[int] = []
        for prompt in prompts:
            if not distinct or distinct[-1] != prompt:
                distinct.append(prompt)
            owners.append(len(distinct) - 1)
        width = max(map(len, distinct))
        ids = torch.zeros(len(distinct), width, dtype=torch.long)
        mask = torch.zeros_like(ids)
        for row, prompt in enumerate(distinct):
            ids[row, width - len(prompt) :] = torch.tensor(prompt)
            mask[row, width - len(prompt) :] = 1
        device = self._model.device
        self._mask = None if mask.all() else mask.to(device)
        positions = (mask.cumsum(1) - 1).clamp(min=0).to(device)
        self._forward(ids.to(device), positions)
        self._positions = positions[:, -1:]
        self._select(torch.tensor(owners, device=device))
        self._rows = torch.arange(len(prompts), device=device)

    def choose(self, uniforms: Tensor) -> tuple[Tensor, Tensor]:
        """The next token at each place and its log-probability, each [B], by inverting the
        cumulative distribution at ``uniforms`` ([B], float64, in [0, 1)); at a temperature of 0 the
        likeliest one, with its log-probability at a temperature of 1.

        ``ModelError`` where the scores are not finite.
        """
        by_row = torch.empty_like(uniforms)
        by_row[self._rows] = uniforms
        scores = self._logits.float()
        if self._temperature not in (0.0, 1.0):
            scores = scores / self._temperature
        tokens, logprobs = drawn(scores, by_row) if self._temperature else likeliest(scores)
        return tokens[self._rows], logprobs[self._rows]

    def advance(self, tokens: Tensor, *, keep: list[int]) -> None:
        """Read the tokens just chosen at the places ``keep``, in rising order; forget the others.

        ``tokens``: [B], as ``choose`` gave them. The places of what is kept close up.
        """
        if len(keep) < len(tokens):
            tokens = tokens[torch.tensor(keep, device=tokens.device)]
            self._forget(keep)
        ids = torch.empty_like(tokens)
        ids[self._rows] = tokens
        self._positions = self._positions + 1
        if self._mask is not None:
            self._mask = torch.cat([self._mask, self._mask.new_ones(len(ids), 1)], dim=1)
        self._forward(ids[:, None], self._positions)

    def _forward(self, ids: Tensor, positions: Tensor) -> None:
        given: dict[str, Any] = {"position_ids": positions} if self._takes_positions else {}
        output = self._model(
            input_ids=ids,
            attention_mask=self._mask,
            past_key_values=self._cache,
            use_cache=True,
            **given,
            **self._last_only,
        )
        self._logits = output.logits[:, -1]

    def _forget(self, keep: list[int]) -> None:
        """What is kept beyond the first ``len(keep)`` rows moves into the gaps in them."""
        count = len(keep)
        rows = cast("list[int]", self._rows.tolist())
        kept = [rows[place] for place in keep]
        gaps = iter(sorted(set(range(count)) - set(kept)))
        sources = list(range(count))
        for place, row in enumerate(kept):
            if row >= count:
                kept[place] = next(gaps)
                sources[kept[place]] = row
        self._rows = torch.tensor(kept, device=self._rows.device)
        self._select(torch.tensor(sources, device=self._rows.device))

    def _select(self, rows: Tensor) -> None:
        """The batch becomes those of its rows."""
        self._cache.reorder_cache(cast("torch.LongTensor", rows))
        self._positions, self._logits = self._positions[rows], self._logits[rows]
        if self._mask is not None:
            self._mask = self._mask[rows]


def drawn(scores: Tensor, uniforms: Tensor) -> tuple[Tensor, Tensor]:
    """The tokens [B] at which the cumulative distribution of ``softmax(scores)`` passes
    ``uniforms`` ([B], float64), and their log-probabilities [B].

    ``scores``: [B, V], float32. Blocks of the vocabulary are summed up, and only the block in which
    the token lies is gone through: the whole cumulative sum costs several times as much. A token
    without probability is never drawn. ``ModelError`` where a score is not finite above.
    """
    scores = scores - scores.amax(dim=-1, keepdim=True)
    weights = scores.exp()  # [B, V]
    if rest := -weights.shape[-1] % BLOCK:
        weights = torch.nn.functional.pad(weights, (0, rest))
    blocks = weights.unflatten(-1, (-1, BLOCK))  # [B, V / BLOCK, BLOCK]
    sums = blocks.sum(dim=-1).double()
    reached = sums.cumsum(dim=-1)
    total = reached[:, -1:]
    if not torch.isfinite(total).all():
        raise ModelError("the model's next-token scores are not finite; its weights are spoilt")
    target = _below(uniforms[:, None] * total, total)
    block = torch.searchsorted(reached, target, right=True)  # [B, 1]
    inside = blocks.take_along_dim(block[..., None], dim=1)[:, 0].cumsum(dim=-1, dtype=target.dtype)
    size = sums.gather(-1, block)
    share = ((target - reached.gather(-1, block) + size) / size).clamp(min=0)
    end = inside[:, -1:]
    tokens = block * BLOCK + torch.searchsorted(inside, _below(share * end, end), right=True)
    logprobs = scores.gather(-1, tokens) - total.log()
    return tokens[:, 0], logprobs[:, 0].float()


def likeliest(scores: Tensor) -> tuple[Tensor, Tensor]:
    """The same of the token with the highest score, the first of equal ones."""
    best, tokens = scores.max(dim=-1)
    logprobs = best - scores.logsumexp(dim=-1)
    if not torch.isfinite(logprobs).all():
        raise ModelError("the model's next-token scores are not finite; its weights are spoilt")
    return tokens, logprobs


def _below(values: Tensor, limits: Tensor) -> Tensor:
    """The values, made less than their limits where rounding took them there."""
    return values.minimum(torch.nextafter(limits, torch.zeros_like(limits)))


def uniforms(key: tuple[int | str, ...], count: int) -> np.ndarray:
    """Numbers in [0, 1), float64 [count]; a pure function of the key."""
    digest = hashlib.blake2b(json.dumps(key).encode(), digest_size=16).digest()
    bits = np.random.Philox(key=int.from_bytes(digest, "little"))
    return np.random.Generator(bits).random(count)


# ---------------------------------------------------------------------------------- cache


def with_room(cache: DynamicCache) -> DynamicCache:
    """The cache, its layers of plain attention with room. Other layers stay as ``transformers`` has
    them: a sliding window moves what it holds anyway.
    """
    cache.layers = [
        RoomyLayer() if type(layer) is DynamicLayer else layer for layer in cache.layers
    ]
    return cache


class RoomyLayer(DynamicLayer):
    """One layer's keys and values, each [B, heads, tokens, size], with room for more.

    New tokens are written into the room and rows move within it, where the layer of
    ``transformers`` copies everything each time.
    """

    def __init__(self) -> None:
        super().__init__()
        self._room: list[Tensor] = []
        """What ``keys`` and ``values`` are the front of; empty: they have no room."""

    def update(  # pyrefly: ignore[missing-override-decorator] (typing has it from 3.12 on)
        self, key_states: Tensor, value_states: Tensor, *args: object, **kwargs: object
    ) -> tuple[Tensor, Tensor]:
        """Append [B, heads, new tokens, size]; all that is held then."""
        del args, kwargs
        if self.keys is None or self.values is None:
            self.lazy_initialization(key_states, value_states)
            self.keys, self.values = key_states, value_states
            return key_states, value_states
        rows, start = len(self.keys), self.keys.shape[2]
        end = start + key_states.shape[2]
        if not self._room or end > self._room[0].shape[2]:
            self._move(torch.arange(rows, device=self.keys.device))
        for room, given in zip(self._room, (key_states, value_states), strict=True):
            room[:rows, :, start:end] = given
        self.keys, self.values = (room[:rows, :, :end] for room in self._room)
        return self.keys, self.values

    def reorder_cache(  # pyrefly: ignore[missing-override-decorator] (likewise)
        self, beam_idx: Tensor
    ) -> None:
        """Hold those rows from now on, as many as they are."""
        if self.keys is None:
            return
        count = len(beam_idx)
        if not self._room or count > len(self._held[0]):
            self._move(beam_idx)
            return
        moved = (beam_idx != torch.arange(count, device=beam_idx.device)).nonzero()[:, 0]
        for held in self._held:
            held[moved] = held[beam_idx[moved]]
        self.keys, self.values = (held[:count] for held in self._held)

    def _move(self, rows: Tensor) -> None:
        """To where there is room behind those rows, and for no others."""
        tokens = self._held[0].shape[2]
        self._room = [
            held.new_empty(len(rows), held.shape[1], tokens + ROOM, held.shape[3])
            for held in self._held
        ]
        for room, held in zip(self._room, self._held, strict=True):
            room[:, :, :tokens] = held[rows]
        self.keys, self.values = (room[:, :, :tokens] for room in self._room)

    @property
    def _held(self) -> tuple[Tensor, Tensor]:
        assert self.keys is not None
        assert self.values is not None
        return self.keys, self.values

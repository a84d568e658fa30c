"""Completions one token at a time: the loop behind ``covet.policy.hf``.

Prompts and uniform random numbers enter; tokens with their log-probabilities leave. It works with
any causal language model of ``transformers`` that keeps a cache of keys and values.
"""

import hashlib
import inspect
import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor
from transformers import DynamicCache, PreTrainedModel

from covet.errors import ModelError


class Decoder:
    """Steps a batch of sequences one token at a time.

    The whole loop is ``prefill``, then ``choose`` and ``advance`` by turns. Each distinct prompt is
    read once and its cache copied to its samples; sequences that have ended leave the batch. Both
    are what ``generate`` does not do, and it takes about twice the processor time.
    """

    def __init__(self, model: PreTrainedModel, *, temperature: float) -> None:
        self._model = model
        self._temperature = temperature
        accepted = inspect.signature(model.forward).parameters
        self._takes_positions = "position_ids" in accepted
        self._last_only = {"logits_to_keep": 1} if "logits_to_keep" in accepted else {}
        self._cache = DynamicCache(config=model.config)
        self._mask = torch.empty(0)  # [B, tokens so far], 1 on tokens, 0 on padding
        self._logits = torch.empty(0)  # [B, V], of the next token

    def prefill(self, prompts: Sequence[tuple[int, ...]]) -> None:
        """Read the prompts; equal neighbours once. Shorter ones are padded on the left."""
        distinct: list[tuple[int, ...]] = []
        rows: list[int] = []
        for prompt in prompts:
            if not distinct or distinct[-1] != prompt:
                distinct.append(prompt)
            rows.append(len(distinct) - 1)
        width = max(map(len, distinct))
        device = self._model.device
        ids = torch.zeros(len(distinct), width, dtype=torch.long)
        mask = torch.zeros_like(ids)
        for row, prompt in enumerate(distinct):
            ids[row, width - len(prompt) :] = torch.tensor(prompt)
            mask[row, width - len(prompt) :] = 1
        self._mask = mask.to(device)
        self._forward(ids.to(device), positions=(self._mask.cumsum(1) - 1).clamp(min=0))
        self._select(torch.tensor(rows, device=device))

    def choose(self, uniforms: Tensor) -> tuple[Tensor, Tensor]:
        """The next token of each sequence and its log-probability, each [B], by inverting the
        cumulative distribution at ``uniforms`` ([B], float64, in [0, 1)).
        """
        logprobs = torch.log_softmax(self._logits.float() / self._temperature, dim=-1)
        cumulative = logprobs.double().exp().cumsum(dim=-1)  # [B, V]
        total = cumulative[:, -1:]
        if not torch.isfinite(total).all():
            raise ModelError("the model's next-token scores are not finite; its weights are spoilt")
        tokens = torch.searchsorted(cumulative, uniforms[:, None] * total, right=True)
        tokens = tokens.clamp(max=logprobs.shape[-1] - 1)
        return tokens[:, 0], logprobs.gather(-1, tokens)[:, 0]

    def advance(self, tokens: Tensor, *, keep: list[int]) -> None:
        """Read the tokens just chosen of the sequences at places ``keep``; forget the others."""
        if len(keep) < len(tokens):
            rows = torch.tensor(keep, device=tokens.device)
            self._select(rows)
            tokens = tokens[rows]
        self._mask = torch.cat([self._mask, self._mask.new_ones(len(tokens), 1)], dim=1)
        positions = self._mask.sum(dim=1, keepdim=True) - 1
        self._forward(tokens[:, None], positions=positions)

    def _forward(self, ids: Tensor, *, positions: Tensor) -> None:
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

    def _select(self, rows: Tensor) -> None:
        self._cache.batch_select_indices(rows)
        self._mask, self._logits = self._mask[rows], self._logits[rows]


def uniforms(key: tuple[int | str, ...], count: int) -> np.ndarray:
    """Numbers in [0, 1), float64 [count]; a pure function of the key."""
    digest = hashlib.blake2b(json.dumps(key).encode(), digest_size=16).digest()
    bits = np.random.Philox(key=int.from_bytes(digest, "little"))
    return np.random.Generator(bits).random(count)

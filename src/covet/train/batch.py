"""Training samples → padded tensors.

A row is ``[padding | prompt | completion | padding]``, and every row's completion starts in the
same column: so the scores of prompt columns need not be computed. Nothing is random.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from covet.records import TrainingSample


@dataclass(frozen=True, slots=True)
class Batch:
    """B samples; T columns, of which the last C hold the completions."""

    token_ids: Tensor  # [B, T] int64; 0 on padding
    attention: Tensor  # [B, T] int64; 1 on tokens
    mask: Tensor  # [B, C] bool; True on tokens to learn from
    logprobs: Tensor  # [B, C] float32; of the sampling policy; 0 where masked
    advantages: Tensor  # [B] float32
    places: tuple[int, ...]  # of the samples, where they were given

    @property
    def targets(self) -> Tensor:
        """[B, C]: the completions' tokens."""
        return self.token_ids[:, -self.mask.shape[1] :]


def micro_batches(
    samples: Sequence[TrainingSample], *, size: int, device: torch.device
) -> list[Batch]:
    """At most ``size`` samples in each, of similar lengths; those of one prompt side by side."""
    prompts = [sample.token_ids[: sample.loss_mask.index(True)] for sample in samples]
    longest: dict[tuple[int, ...], int] = {}
    for prompt, sample in zip(prompts, samples, strict=True):
        longest[prompt] = max(longest.get(prompt, 0), len(sample.token_ids))

    def key(place: int) -> tuple[int, tuple[int, ...], int]:
        prompt = prompts[place]
        return longest[prompt], prompt, len(samples[place].token_ids)

    order = sorted(range(len(samples)), key=key)
    parts = [order[start : start + size] for start in range(0, len(order), size)]
    return [
        replace(collate([samples[place] for place in part], device=device), places=tuple(part))
        for part in parts
    ]


def collate(samples: Sequence[TrainingSample], *, device: torch.device) -> Batch:
    """All of them."""
    prompts = [sample.loss_mask.index(True) for sample in samples]
    prompt_width = max(prompts)
    width = prompt_width + max(
        len(sample.token_ids) - prompt for sample, prompt in zip(samples, prompts, strict=True)
    )
    token_ids = torch.zeros(len(samples), width, dtype=torch.long)
    attention = torch.zeros_like(token_ids)
    mask = torch.zeros(len(samples), width, dtype=torch.bool)
    logprobs = torch.zeros(len(samples), width)
    for row, (sample, prompt) in enumerate(zip(samples, prompts, strict=True)):
        here = slice(prompt_width - prompt, prompt_width - prompt + len(sample.token_ids))
        token_ids[row, here] = torch.tensor(sample.token_ids)
        attention[row, here] = 1
        mask[row, here] = torch.tensor(sample.loss_mask)
        logprobs[row, here] = torch.tensor(sample.logprobs)
    return Batch(
        token_ids.to(device),
        attention.to(device),
        mask[:, prompt_width:].to(device),
        logprobs[:, prompt_width:].to(device),
        torch.tensor([sample.advantage for sample in samples]).to(device),
        tuple(range(len(samples))),
    )

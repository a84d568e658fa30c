"""The loss of one optimizer step, token by token.

    ratio      = exp(lp - lp_behaviour)
    objective  = min(ratio * A, clip(ratio, 1 - clip_low, 1 + clip_high) * A)
    divergence = ratio * (exp(lp_ref - lp) - (lp_ref - lp) - 1)
    loss       = sum over tokens of (kl * divergence - objective) / tokens of the whole step

Clipping with two bounds and the normalisation by tokens: DAPO (Yu et al. 2025, arXiv:2503.14476).
The divergence is Schulman's k3 estimator (joschu.net/blog/kl-approx.html, 2020) times the ratio: as
a loss, k3 alone has the gradient of the forward divergence KL(ref || policy); with the ratio it is
that of KL(policy || ref), which is the one meant (DeepSeek-V3.2, arXiv:2512.02556).
"""

from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True, slots=True)
class TokenSums:
    """Sums over the tokens learned from, to be divided by their number."""

    kl: float = 0.0
    """k3, an estimate of KL(policy || reference)."""
    clipped: float = 0.0
    """Tokens whose gradient the clip stops."""
    gap: float = 0.0
    """|lp - lp_behaviour|: how far sampling and training disagree."""

    def __add__(self, other: "TokenSums") -> "TokenSums":
        return TokenSums(self.kl + other.kl, self.clipped + other.clipped, self.gap + other.gap)


def policy_loss(
    *,
    logprobs: Tensor,
    behaviour: Tensor,
    reference: Tensor | None,
    advantages: Tensor,
    mask: Tensor,
    clip_low: float,
    clip_high: float,
    kl: float,
    tokens: int,
) -> tuple[Tensor, TokenSums]:
    """A batch's part of the step's loss (a scalar; parts add up) and of its measures.

    ``logprobs``, ``behaviour``, ``reference``, ``mask``: [B, C]; ``advantages``: [B]. ``tokens``:
    those to learn from in all batches of the step. Without a ``reference``: no divergence.
    """
    # Padding may hold any score; zeroed first, for 0 * inf is no 0.
    logprobs = logprobs.masked_fill(~mask, 0.0)
    behaviour = behaviour.masked_fill(~mask, 0.0)
    weight = advantages[:, None]
    ratio = (logprobs - behaviour).exp()
    clipped_ratio = ratio.clamp(1 - clip_low, 1 + clip_high)
    objective = torch.minimum(ratio * weight, clipped_ratio * weight)
    loss = -(objective * mask).sum() / tokens
    k3 = torch.zeros_like(ratio)
    if reference is not None:
        distance = reference.masked_fill(~mask, 0.0) - logprobs
        k3 = distance.exp() - distance - 1
        loss = loss + kl * (ratio * k3 * mask).sum() / tokens
    with torch.no_grad():
        stopped = mask & (clipped_ratio * weight < ratio * weight)
        gap = (logprobs - behaviour).abs() * mask
        sums = TokenSums((k3 * mask).sum().item(), stopped.sum().item(), gap.sum().item())
    return loss, sums

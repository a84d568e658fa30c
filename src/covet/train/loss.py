"""The loss of one optimizer step, token by token.

With lp the log-probability under the policy that learns, mu under the policy that sampled, and prox
under the policy as the step began::

    coupled      ratio = exp(lp - mu)      weight = 1
    decoupled    ratio = exp(lp - prox)    weight = min(exp(prox - mu), truncate)

    objective  = weight * min(ratio * A, clip(ratio, 1 - clip_low, 1 + clip_high) * A)
    divergence = an estimate of KL(policy || reference), see ``DIVERGENCES``
    loss       = mean of (kl * divergence + entropy * KL(policy || uniform) - objective)

The mean is over all tokens of the optimizer step, in whatever parts it is computed; or over its
sequences (``train.normalise``). Two clip bounds and the mean over tokens: DAPO (Yu et al. 2025,
arXiv:2503.14476). Decoupling: Hilton et al. 2022 (arXiv:2110.00641); truncated weights: Ionides
2008, and Espeholt et al. 2018 (arXiv:1802.01561). With one optimizer step for each set of rollouts
prox is the policy itself: the ratio is 1, and the weight alone corrects what is stale. The bound of
``dual_clip``: Ye et al. 2020 (arXiv:1912.09729). The mean over sequences of a constant length: Liu
et al. 2025 (arXiv:2503.20783).

KL(policy || uniform) is log V less the entropy, so that its weight is an entropy bonus.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from covet.config import Train as Settings


@dataclass(frozen=True, slots=True)
class Measures:
    """What is divided by: those of the whole optimizer step, over all its parts."""

    tokens: int
    """To learn from."""
    sequences: int
    longest: int
    """The most tokens of a completion."""


@dataclass(frozen=True, slots=True)
class TokenSums:
    """Sums over the tokens learned from, to be divided by their number."""

    kl: float = 0.0
    """k3, an estimate of KL(policy || reference)."""
    clipped: float = 0.0
    """Tokens whose gradient the clip stops."""
    gap: float = 0.0
    """|lp - mu|: how far sampling and learning disagree, in precision and by age."""
    truncated: float = 0.0
    """Tokens whose weight was cut."""
    entropy: float = 0.0

    def __add__(self, other: "TokenSums") -> "TokenSums":
        return TokenSums(
            self.kl + other.kl,
            self.clipped + other.clipped,
            self.gap + other.gap,
            self.truncated + other.truncated,
            self.entropy + other.entropy,
        )


@dataclass(frozen=True, slots=True)
class Scored:
    """What the policies say about the targets of a batch; each [B, C], float32."""

    logprobs: Tensor
    """Of the policy that learns, with gradient."""
    entropy: Tensor
    """Of its distribution in the place of each target, in nats; with gradient where it is asked
    for."""
    behaviour: Tensor
    """Log-probabilities of the policy that sampled."""
    proximal: Tensor | None = None
    """Those of the policy as the step began; None: it is the one that learns."""
    reference: Tensor | None = None
    """Those of the policy that training started from; None: no divergence from it."""


def policy_loss(
    scored: Scored,
    *,
    advantages: Tensor,
    mask: Tensor,
    vocabulary: int,
    measures: Measures,
    settings: Settings,
) -> tuple[Tensor, TokenSums]:
    """A batch's part of the step's loss (a scalar; parts add up) and of its measures.

    ``advantages``: [B]; ``mask``: [B, C], True on tokens to learn from; ``vocabulary``: how many
    tokens there are to choose from.
    """
    # Padding may hold any score; zeroed first, for 0 * inf is no 0.
    lp = scored.logprobs.masked_fill(~mask, 0.0)
    mu = scored.behaviour.masked_fill(~mask, 0.0)
    advantage = advantages[:, None]
    ratio, weight, truncated = _ratio(lp, mu, scored.proximal, mask, settings)
    clipped = ratio.clamp(1 - settings.clip_low, 1 + settings.clip_high)
    objective = torch.minimum(ratio * advantage, clipped * advantage)
    if settings.dual_clip:
        bound = torch.where(advantage < 0, settings.dual_clip * advantage, -math.inf)
        objective = torch.maximum(objective, bound)
    loss = -weight * objective
    k3 = torch.zeros_like(lp)
    if scored.reference is not None:
        distance = scored.reference.masked_fill(~mask, 0.0) - lp
        k3 = distance.exp() - distance - 1
        loss = loss + settings.kl * DIVERGENCES[settings.kl_estimator](distance, (lp - mu).exp())
    entropy = scored.entropy.masked_fill(~mask, 0.0)
    if settings.entropy:
        loss = loss + settings.entropy * (math.log(vocabulary) - entropy)
    with torch.no_grad():
        stopped = mask & (clipped * advantage < ratio * advantage)
        sums = TokenSums(
            kl=(k3 * mask).sum().item(),
            clipped=stopped.sum().item(),
            gap=((lp - mu).abs() * mask).sum().item(),
            truncated=(truncated & mask).sum().item(),
            entropy=(entropy * mask).sum().item(),
        )
    return _mean(loss * mask, mask, measures, settings), sums


def _ratio(
    lp: Tensor, mu: Tensor, proximal: Tensor | None, mask: Tensor, settings: Settings
) -> tuple[Tensor, Tensor, Tensor]:
    """The ratio that is clipped, its weight (without gradient), and where that was cut."""
    if settings.ratio == "coupled":
        ratio = (lp - mu).exp()
        return ratio, torch.ones_like(ratio), torch.zeros_like(mask)
    prox = lp.detach() if proximal is None else proximal.masked_fill(~mask, 0.0)
    weight = (prox - mu).exp()
    if not settings.truncate:
        return (lp - prox).exp(), weight, torch.zeros_like(mask)
    return (lp - prox).exp(), weight.clamp(max=settings.truncate), weight > settings.truncate


def _mean(loss: Tensor, mask: Tensor, measures: Measures, settings: Settings) -> Tensor:
    """[B, C] → this part of the mean."""
    match settings.normalise:
        case "tokens":
            return loss.sum() / measures.tokens
        case "sequences":
            return (loss.sum(dim=1) / mask.sum(dim=1).clamp(min=1)).sum() / measures.sequences
        case "constant":
            return loss.sum() / (measures.sequences * measures.longest)


DIVERGENCES: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "ratio_k3": lambda distance, ratio: ratio * (distance.exp() - distance - 1),
    "ratio_k1": lambda distance, ratio: -ratio * distance,
    "k2": lambda distance, ratio: distance.square() / 2,  # noqa: ARG005 (they are called alike)
    "k3": lambda distance, ratio: distance.exp() - distance - 1,  # noqa: ARG005
}
"""Of KL(policy || reference), token by token, from ``distance`` = lp_ref - lp and the ratio to the
policy that sampled.

What counts is the gradient on rollouts of the policy itself. ``ratio_k3`` and ``ratio_k1`` have
that of KL(policy || reference), the first with less noise (DeepSeek-V3.2, arXiv:2512.02556); so has
``k2``. ``k3`` alone, without the ratio, has that of KL(reference || policy). Names: Schulman
(joschu.net/blog/kl-approx.html, 2020).
"""

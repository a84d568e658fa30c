"""How much better than its siblings a rollout did: the weight of its tokens' gradient.

The rewards of one group enter in order, the advantages leave in the same order. They sum to zero,
and are all zero where the rewards do not differ.
"""

from collections.abc import Callable, Sequence
from math import fsum, sqrt

from covet.algo.select import carries_signal

STD_FLOOR = 1e-4
"""Added to the deviation, so that a tiny spread does not become a large advantage."""


def grpo(rewards: Sequence[float]) -> list[float]:
    """(r - mean) / (std + floor), the deviation being the population's.

    Shao et al. 2024 (arXiv:2402.03300), section 4.1.2.
    """
    if not carries_signal(rewards):
        return [0.0] * len(rewards)
    centred = dr_grpo(rewards)
    deviation = sqrt(fsum(value * value for value in centred) / len(centred))
    return [value / (deviation + STD_FLOOR) for value in centred]


def dr_grpo(rewards: Sequence[float]) -> list[float]:
    """The reward less the group's mean: no preference for tasks of little spread.

    Liu et al. 2025 (arXiv:2503.20783).
    """
    if not carries_signal(rewards):
        return [0.0] * len(rewards)
    mean = fsum(rewards) / len(rewards)
    return [reward - mean for reward in rewards]


def rloo(rewards: Sequence[float]) -> list[float]:
    """The reward less the mean of the others. Ahmadian et al. 2024 (arXiv:2402.14740)."""
    size = len(rewards)
    return [value * size / (size - 1) for value in dr_grpo(rewards)] if size > 1 else [0.0] * size


ADVANTAGES: dict[str, Callable[[Sequence[float]], list[float]]] = {
    "grpo": grpo,
    "dr_grpo": dr_grpo,
    "rloo": rloo,
}
"""By the name in ``train.advantage``."""

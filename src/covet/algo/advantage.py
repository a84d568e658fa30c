"""How much a rollout counts: the weight of its tokens' gradient.

The rewards of one group enter in order, the advantages leave in the same order. All are zero where
the rewards do not differ. The trainer takes the mean over what it learns from; so an estimator that
is a sum over the n rollouts of a group, as those of the best of k are, comes multiplied by n.

``grpo``, ``dr_grpo`` and ``rloo`` ask for the mean reward, and sum to zero. The others ask for the
best of k samples of a task, for whoever keeps the best of k tests: ``max_at_k`` is never negative,
since no sample makes the best of a set worse.
"""

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from math import comb, fsum, sqrt

from covet.algo.select import SPREAD, carries_signal

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


def best_of_all(rewards: Sequence[float]) -> list[float]:
    """max@n of a group of n, each against the group without it: nonzero for a single best alone.

    A_i = n (max r - max of the others). Tang et al. 2025 (arXiv:2503.19595), leave-one-out.
    """
    size = len(rewards)
    if not carries_signal(rewards):
        return [0.0] * size
    *_, second, best = sorted(rewards)
    if best - second <= SPREAD:
        return [0.0] * size
    return [size * (best - second) if reward == best else 0.0 for reward in rewards]


def max_at_k(rewards: Sequence[float], k: int) -> list[float]:
    """max@k of a group of n >= k: the unbiased estimate of least variance that is known.

    With g the rewards in ascending order, A_(i) = n / C(n, k) sum over j < i of
    C(j - 1, k - 2) (g_(i) - g_(j)), ranks from 1: Walder and Karkhanis 2025 (arXiv:2505.15201),
    "loo-1". For k = n it is ``best_of_all``; for k = 1, ``rloo``. Rewards of 0 and 1 make it
    pass@k.
    """
    size = len(rewards)
    _check(size, k)
    if not carries_signal(rewards):
        return [0.0] * size
    if k == 1:
        return rloo(rewards)
    places = sorted(range(size), key=rewards.__getitem__)
    exact = [Fraction(reward) for reward in rewards]
    found = [0.0] * size
    count, total = 0, Fraction(0)  # subsets whose best is lower, and the sum of those bests
    for rank, place in enumerate(places):
        value = float(size * (count * exact[place] - total) / comb(size, k))
        found[place] = value if value > SPREAD / size else 0.0
        subsets = comb(rank, k - 2)
        count, total = count + subsets, total + subsets * exact[place]
    return found


def parts_at_k(parts: Sequence[Mapping[str, float]], k: int) -> list[float]:
    """The best of k for each part of the reward by itself: what k tests together are worth.

    ``parts``: of each rollout, by name, what it earned; one that is not named is 0. A set of tests
    is worth, summed over the parts, the best that one of them earned: so a mutant that a sibling
    kills as well counts once, and the test that alone kills one is what counts. Of a sum of bests
    the unbiased estimate is the sum of theirs: ``max_at_k`` of every part.
    """
    total = [0.0] * len(parts)
    for name in sorted({name for each in parts for name in each}):
        found = max_at_k([each.get(name, 0.0) for each in parts], k)
        total = [one + other for one, other in zip(total, found, strict=True)]
    return total


def pass_at_k(rewards: Sequence[float], k: int, *, success: float) -> list[float]:
    """pass@k with a sign and of unit spread: a failure in a group that passes anyway costs.

    A reward of at least ``success`` passes. With c of n passing, mu = 1 - C(n - c, k) / C(n, k)
    and sd = sqrt(mu (1 - mu)): (1 - mu) / sd for a pass, and
    (1 - mu - C(n - c - 1, k - 1) / C(n - 1, k - 1)) / sd for a failure. Chen et al. 2025
    (arXiv:2508.10751), section 2.3.
    """
    size = len(rewards)
    _check(size, k)
    passed = [reward >= success for reward in rewards]
    wrong = size - sum(passed)
    mean = 1 - Fraction(comb(wrong, k), comb(size, k))
    if mean in (0, 1):
        return [0.0] * size
    deviation = sqrt(mean * (1 - mean))
    positive = float(1 - mean) / deviation
    alone = Fraction(comb(wrong - 1, k - 1), comb(size - 1, k - 1))
    negative = float(1 - mean - alone) / deviation
    return [positive if one else negative for one in passed]


def trajectory_balance(
    rewards: Sequence[float], log_ratios: Sequence[float], *, inverse_temperature: float
) -> list[float]:
    """How far each rollout is from being as likely as its reward says, against its group's mean.

    A policy in proportion to ``reference * exp(inverse_temperature * reward)`` has
    ``inverse_temperature * r - log(policy / reference)`` equal for all rollouts; ``log_ratios``
    are those of whole completions. The gradient of that difference's variance in the group: the
    trajectory balance of Malkin et al. 2022 (arXiv:2201.13259) with its constant estimated by the
    group (Zhang et al. 2023, arXiv:2302.05446, "VarGrad").
    """
    gaps = [
        inverse_temperature * reward - ratio
        for reward, ratio in zip(rewards, log_ratios, strict=True)
    ]
    mean = fsum(gaps) / len(gaps)
    return [gap - mean for gap in gaps]


def _check(size: int, k: int) -> None:
    if not 1 <= k <= size:
        raise ValueError(f"a group of {size} cannot tell what the best of {k} would be")


Advantage = Callable[[Sequence[float]], list[float]]


def advantage(name: str, *, k: int, success: float) -> Advantage:
    """The one of that name (``ADVANTAGES``) that compares whole rewards, for the best of ``k``
    where it is about that. ``parts_at_k`` compares what they are made of.
    """
    match name:
        case "max_at_k":
            return lambda rewards: max_at_k(rewards, min(k, len(rewards)))
        case "pass_at_k":
            return lambda rewards: pass_at_k(rewards, min(k, len(rewards)), success=success)
        case _:
            return _WHOLE[name]


_WHOLE: dict[str, Advantage] = {
    "grpo": grpo,
    "dr_grpo": dr_grpo,
    "rloo": rloo,
    "best_of_all": best_of_all,
}
ADVANTAGES = (*_WHOLE, "max_at_k", "pass_at_k", "parts_at_k")
"""The names of ``train.advantage``."""

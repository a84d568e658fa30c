"""Which examples a step asks about, and which groups teach anything."""

import hashlib
from collections.abc import Mapping, Sequence
from math import log

SPREAD = 1e-6
"""Rewards that differ by less are equal: sums of the same terms may differ in the last bits."""
FLOOR = 0.05
"""How often an example comes that is always solved, or never, against ``1/4 + FLOOR`` of one that
is solved every other time."""


def carries_signal(rewards: Sequence[float]) -> bool:
    """Whether the rewards of a group differ; where they do not, every advantage is zero."""
    return len(rewards) > 1 and max(rewards) - min(rewards) > SPREAD


def in_turn(ids: Sequence[str], *, step: int, size: int, seed: int) -> list[str]:
    """All examples in the order in which a step wants them: first the next ``size`` of a
    permutation that changes with each epoch, then those whose turn is the longest ahead.

    A function of the seed and the step alone, so that a resumed run needs to remember neither. No
    example stands twice in a step; the rest of an epoch that does not fill a step is passed over.
    """
    epoch, place = divmod(step, max(1, len(ids) // size))
    order = sorted(ids, key=lambda name: _digest(f"{seed}/{epoch}/{name}"))
    chosen = order[place * size : (place + 1) * size]
    return chosen + order[: place * size] + order[(place + 1) * size :][::-1]


def by_solve_rate(
    ids: Sequence[str], solved: Mapping[str, float], *, step: int, seed: int
) -> list[str]:
    """All examples in the order in which a step wants them, drawn without replacement with weight
    p (1 - p) + ``FLOOR``, where p is the share of its rollouts that solved it when it last came:
    what is solved sometimes teaches most. One that never came counts as solved every other time.

    Exponential keys: Efraimidis and Spirakis 2006 (doi:10.1016/j.ipl.2005.11.003).
    """

    def key(name: str) -> float:
        share = solved.get(name, 0.5)
        drawn = (int.from_bytes(_digest(f"{seed}/{step}/{name}")) + 1) / (1 << 128)
        return -log(drawn) / (share * (1 - share) + FLOOR)

    return sorted(ids, key=key)


def _digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode(), digest_size=16).digest()

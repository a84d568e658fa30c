"""Which examples a step asks about, and which groups teach anything."""

import hashlib
from collections.abc import Sequence

SPREAD = 1e-6
"""Rewards that differ by less are equal: sums of the same terms may differ in the last bits."""


def carries_signal(rewards: Sequence[float]) -> bool:
    """Whether the rewards of a group differ; where they do not, every advantage is zero."""
    return len(rewards) > 1 and max(rewards) - min(rewards) > SPREAD


def choose(ids: Sequence[str], *, step: int, size: int, seed: int) -> list[str]:
    """The ``size`` examples of a step: the next of a permutation that changes with each epoch.

    A function of the seed and the step alone, so that a resumed run needs to remember neither. No
    example stands twice in a step; the rest of an epoch that does not fill a step is passed over.
    All of them where there are no more than ``size``.
    """
    epoch, place = divmod(step, max(1, len(ids) // size))
    order = sorted(ids, key=lambda name: _digest(f"{seed}/{epoch}/{name}"))
    return order[place * size : (place + 1) * size]


def _digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode(), digest_size=16).digest()

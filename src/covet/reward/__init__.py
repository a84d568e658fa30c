"""An Execution becomes a Reward.

::

    terms    Execution → what it shows, one number from 0 to 1 for each term
    rubric   the gate, then the terms by their weights → Reward
"""

from covet.reward.rubric import parts, reward

__all__ = ["parts", "reward"]

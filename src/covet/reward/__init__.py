"""An Execution becomes a Reward.

::

    terms    Execution → what it shows, one number from 0 to 1 for each term
    rubric   the gate, then the terms by their weights → Reward
"""

from covet.reward.rubric import reward

__all__ = ["reward"]

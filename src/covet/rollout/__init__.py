"""One Example becomes one Group of graded Rollouts: see ``loop.roll``, top to bottom.

::

    loop      any kind of example: prompt, sample, read, grade
    rollout   focal functions, graded by running test files
"""

from covet.rollout.journal import Journal
from covet.rollout.loop import Rolled, Timing
from covet.rollout.rollout import Roller

__all__ = ["Journal", "Rolled", "Roller", "Timing"]
